"""Open a duty for everybody whom it means, some at a time, and end it when its time is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import DutyEnded, DutyOpened, DutyTriggered
from kernel import calendar, timers
from kernel.outbox import publish
from reference import city, figures
from reference.terms import DutyKind
from services.tasks.digests import operations_clocks as digests
from services.tasks.measures import operations as measures
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import OWED, Cause, kind_of
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import domain, operations_sets, queries
from services.tasks.openings.domain import OpeningAction
from services.tasks.openings.operations_sets import Asking
from services.tasks.openings.tables import Opening
from services.tasks.parts import operations_opening as parts
from services.tasks.plans.domain_duties import PlanDuty
from services.tasks.rolls import queries as rolls
from services.tasks.successions import queries as successions

BEGINS = "duty_period_begins"
ENDS = "duty_period_ends"
_RULE = "platform"


async def open_some(session: AsyncSession, *, opening_id: UUID, now: datetime) -> None:
    """Open a duty for some more of those whom it means; the rest has its own turn."""
    row = await queries.get(session, opening_id, lock=True)
    if not domain.may(row.status, OpeningAction.WORK):
        return
    row.status = domain.after(row.status, OpeningAction.WORK)
    row.begun_on = row.begun_on or calendar.day_of(now)
    duty = await queries.duty(session, row)
    groups = duty.groups(on=row.begun_on)
    asks = asking(row, duty, now=now)
    if row.stage == 0:
        roll = await rolls.roll(session, on=row.begun_on)
        asked = parts.Asked(roll=roll, on=row.begun_on, only=row.only)
        sharing = parts.sharing(duty, asked)
        meant = duty.meant(roll, on=row.begun_on)
        units = [code for code in meant.units if code not in sharing]
        row.opened += await _open_units(session, row, asks, units)
        await parts.open_parts(session, origin=row.origin, duty=duty, asked=asked, now=now)
        row.stage = 1
    else:
        group = groups[row.stage - 1]
        then = None if row.cause == Cause.PERIOD else row.begun_on
        chunk = await operations_sets.open_enterprises(
            session, asks, group, after=row.after, on=then, only=row.only
        )
        row.opened += chunk.opened
        await operations_sets.look_anew(session, fresh=chunk.opened)
        row.stage, row.after = (
            (row.stage, chunk.last) if chunk.last is not None else (row.stage + 1, "")
        )
    if row.stage > len(groups):
        await _finish(session, row, duty, now=now)
    else:
        await timers.arm(
            session, kind=BEGINS, entity_id=str(row.id), due_at=now, rule=_RULE, reason="continued"
        )


async def _open_units(
    session: AsyncSession, row: Opening, asks: Asking, units: Sequence[str]
) -> int:
    picked = [code for code in units if row.only is None or code in row.only]
    heirs = await successions.bearing(session, picked, on=obligations.today(asks.now))
    return await operations_sets.open_units(session, asks, sorted(set(heirs.values())))


def asking(row: Opening, duty: PlanDuty, *, now: datetime) -> Asking:
    """What its obligations say."""
    periodic = row.cause == Cause.PERIOD
    return Asking(
        kind=kind_of(duty.metric),
        duty_kind=duty.kind,
        origin=row.origin,
        cause=Cause(row.cause),
        duty=duty.name,
        rule=duty.rule,
        due_at=row.due_at,
        now=now,
        plan_version=row.version,
        period_from=row.period_from if periodic else None,
        period_to=row.period_to if periodic else None,
        least=row.least,
    )


async def _finish(session: AsyncSession, row: Opening, duty: PlanDuty, *, now: datetime) -> None:
    row.status = domain.after(row.status, OpeningAction.FINISH)
    if row.opened_at is not None and row.due_at <= now:
        # It came due while it was opened again: that clock has rung, and found it unfinished.
        await timers.arm(
            session, kind=ENDS, entity_id=str(row.id), due_at=now, rule=_RULE, reason="repeated"
        )
    row.opened_at = row.opened_at or now
    ends = timers.new(kind=ENDS, entity_id=str(row.id), due_at=row.due_at, rule=duty.rule)
    timers.arm_once(session, ends)
    await digests.arm(session, now=now)
    if row.cause == Cause.PERIOD:
        publish(session, _opened(row, now=now))
    elif row.opened > row.told:
        publish(session, _triggered(row, duty, now=now))
    row.told = row.opened


def _opened(row: Opening, *, now: datetime) -> DutyOpened:
    return DutyOpened(
        occurred_at=now,
        opening_id=row.id,
        plan=str(row.year),
        version=row.version or 0,
        duty=row.code,
        period_from=row.period_from,
        period_to=row.period_to,
        opened=row.opened,
        region_code=city.current().code,
        due_at=row.due_at,
    )


def _triggered(row: Opening, duty: PlanDuty, *, now: datetime) -> DutyTriggered:
    return DutyTriggered(
        occurred_at=now,
        origin=row.origin,
        plan=str(row.year),
        duty=row.code,
        kind=kind_of(duty.metric),
        opened=row.opened - row.told,
        region_code=city.current().code,
        due_at=row.due_at,
    )


async def end_some(session: AsyncSession, *, opening_id: UUID, now: datetime) -> None:
    """Mark some more of those who have not done it as overdue; units are told, others counted."""
    row = await queries.get(session, opening_id, lock=True)
    if not domain.may(row.status, OpeningAction.END):
        return
    measured = DutyKind(row.duty_kind) in figures.MEASURED
    more = await (_settle_some if measured else _mark_some)(session, row, now=now)
    if more:
        await timers.arm(
            session, kind=ENDS, entity_id=str(row.id), due_at=now, rule=_RULE, reason="continued"
        )
        return
    await parts.note_overdue(session, origin=row.origin, duty=row.duty, now=now)
    # Whoever came while it ran is among the late ones: so are they among the asked.
    row.opened = await queries.asked(session, row)
    _end(session, row, now=now)


async def _mark_some(session: AsyncSession, row: Opening, *, now: datetime) -> bool:
    """Units are few, and each is told; of enterprises a bounded number is marked."""
    late = _late(row, now=now)
    units = update(Obligation).where(*late, Obligation.unit.is_not(None)).values(overdue_at=now)
    told = units.returning(Obligation).execution_options(synchronize_session=False)
    for unit in await session.scalars(told):
        publish(session, obligations.overdue(unit, now=now))
        row.overdue += 1
    some = select(Obligation.id).where(*late, Obligation.enterprise_uscc.is_not(None))
    chosen = some.limit(operations_sets.CHUNK).with_for_update()
    others = update(Obligation).where(Obligation.id.in_(chosen)).values(overdue_at=now)
    marked = others.returning(Obligation.id).execution_options(synchronize_session=False)
    count = len((await session.scalars(marked)).all())
    row.overdue += count
    return count == operations_sets.CHUNK


def _late(row: Opening, *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Obligation.origin == row.origin,
        Obligation.duty == row.duty,
        Obligation.status.in_(OWED),
        Obligation.overdue_at.is_(None),
        # One whose clock stands, or was moved, is watched by itself.
        Obligation.stopped_at.is_(None),
        Obligation.due_at <= now,
    )


async def _settle_some(session: AsyncSession, row: Opening, *, now: datetime) -> bool:
    settled, last = await measures.settle_some(session, opening_id=row.id, after=row.after, now=now)
    row.overdue += settled.missed
    row.after = last or ""
    return last is not None


def _end(session: AsyncSession, row: Opening, *, now: datetime) -> None:
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
