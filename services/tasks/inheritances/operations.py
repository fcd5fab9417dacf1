"""Hand what a unit owed to whoever answers for it since it ended."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import SYSTEM
from kernel.ids import uuid7
from services.tasks.appeals import operations as appeals
from services.tasks.evidence import operations as evidence
from services.tasks.obligations import operations, queries
from services.tasks.obligations.domain import Action, place_of
from services.tasks.obligations.operations import DUE
from services.tasks.obligations.tables import Obligation
from services.tasks.successions import queries as successions


async def hand_over(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """Have the heir of a unit that ended owe what the unit owed; the unit's own rows stay.

    After a split that is the heir whom the reorganisation named. What the heir owes already,
    or has done, it does not owe twice.
    """
    heirs = await successions.bearing(session, [unit], on=calendar.day_of(now))
    if heirs[unit] == unit:
        return
    for row in await queries.live_of(session, unit):
        await _hand_on(session, row, heir=heirs[unit], now=now)


async def _hand_on(session: AsyncSession, row: Obligation, *, heir: str, now: datetime) -> None:
    follower = _follower(row, heir=heir, now=now)
    clock = await timers.latest(session, kind=DUE, entity_id=str(row.id))
    runs = clock is not None and clock.fired_at is None and clock.cancelled_at is None
    stands = clock is not None and row.stopped_at is not None
    await operations.close(session, row, Action.SUPERSEDE, now=now)
    _note(session, row, heir=heir)
    if await queries.stands(session, row.origin, duty=row.duty, subject=heir):
        return
    session.add(follower)
    await session.flush()
    await evidence.copy_all(session, of=row, to=follower)
    await appeals.hand_over(session, of=row, to=follower, now=now)
    if runs or stands:
        clock = timers.new(kind=DUE, entity_id=str(follower.id), due_at=row.due_at, rule=row.rule)
        timers.begin(session, clock)
        if row.stopped_at is not None:
            await operations.stop_clock(session, follower, now=now)
    operations.tell_opened(session, follower, now=now)


def _follower(row: Obligation, *, heir: str, now: datetime) -> Obligation:
    """The same for the heir: as far as it had come, by the same deadline, as late as it was."""
    return Obligation(
        id=uuid7(),
        kind=row.kind,
        cause=row.cause,
        status=row.status,
        origin=row.origin,
        duty=row.duty,
        subject=heir,
        unit=heir,
        region_code=place_of(heir),
        rule=row.rule,
        due_at=row.due_at,
        opened_at=now,
        stopped_at=row.stopped_at,
        overdue_at=row.overdue_at,
        inherits=row.id,
        duty_kind=row.duty_kind,
        plan_version=row.plan_version,
        period_from=row.period_from,
        period_to=row.period_to,
        least=row.least,
        credited=row.credited,
        waiting=row.waiting,
    )


def _note(session: AsyncSession, row: Obligation, *, heir: str) -> None:
    audit.note(
        session,
        by=SYSTEM,
        act="obligation.hand_over",
        entity="obligation",
        entity_id=row.id,
        detail={"unit": row.subject, "heir": heir},
    )
