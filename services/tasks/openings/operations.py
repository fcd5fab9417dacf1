"""Lay out the periods of an issued plan, open each when it begins, and end it when it is over."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import DutyEnded, DutyOpened
from kernel import calendar, timers
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import city
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import OWED, Cause, kind_of
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import domain, operations_sets, queries
from services.tasks.openings.domain import OpeningAction, OpeningStatus
from services.tasks.openings.operations_sets import Asking
from services.tasks.openings.tables import Opening
from services.tasks.plans import operations as plans
from services.tasks.plans import queries as plan_queries
from services.tasks.plans.domain_duties import PlanDuty
from services.tasks.successions import queries as successions

BEGINS = "duty_period_begins"
ENDS = "duty_period_ends"
_RULE = "platform"


async def lay_out(session: AsyncSession, *, year: int, version: int, now: datetime) -> None:
    """Set the clock of every period of a version that is still to come, or running.

    A duty that an earlier version asked for already stays as it is in periods that have begun;
    its later periods follow the new version.
    """
    plan = await plan_queries.plan(session, year, version)
    issued_on = calendar.day_of(plan.issued_at)
    asked_before: frozenset[str] = frozenset()
    if version > 1:
        before = await plan_queries.plan(session, year, version - 1)
        _supersede(await queries.waiting(session, before, after=issued_on))
        asked_before = await plans.kept(session, since=before, until=plan)
    for row in await plan_queries.duties(session, plan):
        for one in domain.occurrences(row.asks, issued_on=issued_on):
            if row.code not in asked_before or one.first > issued_on:
                _wait_for(session, row.asks, one, now=now)


def _wait_for(
    session: AsyncSession, duty: PlanDuty, one: domain.Occurrence, *, now: datetime
) -> None:
    row = Opening(
        id=uuid7(),
        year=duty.year,
        version=duty.version,
        code=duty.code,
        duty_kind=duty.kind,
        status=OpeningStatus.WAITING,
        period_from=one.first,
        period_to=one.last,
        due_at=one.due_at,
        least=one.least,
    )
    session.add(row)
    begins = max(calendar.opens_at(one.first), now)
    clock = timers.new(kind=BEGINS, entity_id=str(row.id), due_at=begins, rule=duty.rule)
    timers.begin(session, clock)


def _supersede(rows: Iterable[Opening]) -> None:
    for row in rows:
        row.status = domain.after(row.status, OpeningAction.SUPERSEDE)


async def open_some(session: AsyncSession, *, opening_id: UUID, now: datetime) -> None:
    """Open a period for some more of those whom its duty means; the rest has its own turn."""
    row = await queries.get(session, opening_id, lock=True)
    if not domain.may(row.status, OpeningAction.WORK):
        return
    row.status = domain.after(row.status, OpeningAction.WORK)
    row.begun_on = row.begun_on or calendar.day_of(now)
    duty = await queries.duty(session, row)
    meant = duty.meant(on=row.begun_on)
    asking = _asking(row, duty, now=now)
    if row.stage == 0:
        await _open_units(session, row, asking, meant.units)
    else:
        group = meant.enterprises[row.stage - 1]
        chunk = await operations_sets.open_enterprises(session, asking, group, after=row.after)
        row.opened += chunk.opened
        row.stage, row.after = (
            (row.stage, chunk.last) if chunk.last is not None else (row.stage + 1, "")
        )
    if row.stage > len(meant.enterprises):
        _finish(session, row, duty, now=now)
    else:
        await timers.arm(
            session, kind=BEGINS, entity_id=str(row.id), due_at=now, rule=_RULE, reason="continued"
        )


async def _open_units(
    session: AsyncSession, row: Opening, asking: Asking, units: Sequence[str]
) -> None:
    assert row.begun_on is not None
    heirs = await successions.bearing(session, units, on=row.begun_on)
    row.opened += await operations_sets.open_units(session, asking, sorted(set(heirs.values())))
    row.stage = 1


def _asking(row: Opening, duty: PlanDuty, *, now: datetime) -> Asking:
    return Asking(
        kind=kind_of(duty.metric),
        duty_kind=duty.kind,
        origin=row.id,
        cause=Cause.PERIOD,
        duty=duty.name,
        rule=duty.rule,
        due_at=row.due_at,
        now=now,
        plan_version=row.version,
        period_from=row.period_from,
        period_to=row.period_to,
        least=row.least,
    )


def _finish(session: AsyncSession, row: Opening, duty: PlanDuty, *, now: datetime) -> None:
    row.status = domain.after(row.status, OpeningAction.FINISH)
    row.opened_at = now
    ends = timers.new(kind=ENDS, entity_id=str(row.id), due_at=row.due_at, rule=duty.rule)
    timers.begin(session, ends)
    publish(
        session,
        DutyOpened(
            occurred_at=now,
            opening_id=row.id,
            plan=str(row.year),
            version=row.version,
            duty=row.code,
            period_from=row.period_from,
            period_to=row.period_to,
            opened=row.opened,
            region_code=city.current().code,
            due_at=row.due_at,
        ),
    )


async def end_some(session: AsyncSession, *, opening_id: UUID, now: datetime) -> None:
    """Mark some more of those who have not done it; units are told, enterprises counted."""
    row = await queries.get(session, opening_id, lock=True)
    if not domain.may(row.status, OpeningAction.END):
        return
    marked = await _mark(session, row, now=now)
    row.overdue += len(marked)
    for late in marked:
        if late.unit is not None:
            publish(session, obligations.overdue(late, now=now))
    if len(marked) == operations_sets.CHUNK:
        await timers.arm(
            session, kind=ENDS, entity_id=str(row.id), due_at=now, rule=_RULE, reason="continued"
        )
        return
    row.status, row.ended_at = domain.after(row.status, OpeningAction.END), now
    publish(
        session,
        DutyEnded(
            occurred_at=now,
            opening_id=row.id,
            plan=str(row.year),
            duty=row.code,
            period_to=row.period_to,
            opened=row.opened,
            overdue=row.overdue,
            region_code=city.current().code,
        ),
    )


async def _mark(session: AsyncSession, row: Opening, *, now: datetime) -> Sequence[Obligation]:
    some = (
        select(Obligation.id)
        .where(
            Obligation.origin == row.id,
            Obligation.duty == row.duty,
            Obligation.status.in_(OWED),
            Obligation.overdue_at.is_(None),
            Obligation.stopped_at.is_(None),
        )
        .limit(operations_sets.CHUNK)
        .with_for_update()
    )
    mark = update(Obligation).where(Obligation.id.in_(some)).values(overdue_at=now)
    marked = mark.returning(Obligation).execution_options(synchronize_session=False)
    return (await session.scalars(marked)).all()
