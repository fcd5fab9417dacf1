"""What begins an opening: a version of a plan lays out its periods, an event sets a duty off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar, timers
from kernel.ids import uuid7
from services.tasks.obligations.domain import Cause
from services.tasks.openings import domain, operations, queries
from services.tasks.openings.domain import OpeningAction, OpeningStatus
from services.tasks.openings.operations import BEGINS
from services.tasks.openings.tables import Opening
from services.tasks.plans import operations as plans
from services.tasks.plans import queries as plan_queries
from services.tasks.plans.domain_duties import PlanDuty


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
    opening_id = uuid7()
    row = Opening(
        id=opening_id,
        cause=Cause.PERIOD,
        origin=opening_id,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What sets duties off: a fact, or what a person says has happened."""

    origin: UUID
    cause: Cause
    on: date
    only: tuple[str, ...] | None = None
    """Whom of those meant; None for everybody."""
    reason: str | None = None
    told_by: str | None = None


async def set_off(
    session: AsyncSession, duty: PlanDuty, what: Occasion, *, due_at: datetime, now: datetime
) -> Opening:
    """Open a duty for everybody whom it means on the day of an event.

    Told again, an event opens only what is missing: an occurrence is one per event, duty and
    subject.
    """
    row = await queries.of_event(session, what.origin, duty)
    if row is None:
        row = _opening(duty, what, due_at=due_at)
        session.add(row)
        await session.flush()
    elif domain.may(row.status, OpeningAction.REPEAT):
        row.status = domain.after(row.status, OpeningAction.REPEAT)
        row.stage, row.after = 0, ""
    await operations.open_some(session, opening_id=row.id, now=now)
    return row


def _opening(duty: PlanDuty, what: Occasion, *, due_at: datetime) -> Opening:
    return Opening(
        id=uuid7(),
        cause=what.cause,
        origin=what.origin,
        year=duty.year,
        version=duty.version,
        code=duty.code,
        duty_kind=duty.kind,
        status=OpeningStatus.WAITING,
        period_from=what.on,
        period_to=max(what.on, calendar.day_of(due_at - timedelta(microseconds=1))),
        due_at=due_at,
        least=None,
        begun_on=what.on,
        only=list(what.only) if what.only is not None else None,
        reason=what.reason,
        told_by=what.told_by,
        stage=0,
        after="",
        opened=0,
        told=0,
        overdue=0,
    )
