"""Open, supersede, postpone and fulfil obligations, and find them overdue."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationOpened, ObligationOverdue
from kernel import audit, calendar, clock, timers
from kernel.access import SYSTEM
from kernel.ids import uuid7
from kernel.outbox import publish
from services.tasks.obligations import queries
from services.tasks.obligations.domain import (
    LIVE,
    OWED,
    Action,
    Cause,
    Status,
    Wanted,
    after,
    of_plan,
)
from services.tasks.obligations.tables import Obligation
from services.tasks.successions import operations as reorganisations
from services.tasks.successions import queries as successions

DUE = "obligation_due"


async def align(
    session: AsyncSession,
    *,
    origin: UUID,
    cause: Cause,
    wanted: Collection[Wanted],
    now: datetime,
) -> None:
    """Make what stands of a cause what is wanted now.

    What is missing is opened; what is no longer wanted is superseded and kept; what was
    fulfilled or accepted stays so.
    """
    rows = await queries.of_origin(session, origin, cause=cause)
    wanted = await _borne(session, wanted, now=now)
    kept = {want.key for want in wanted}
    for row in rows:
        if (row.duty, row.subject) not in kept and row.status in LIVE:
            await close(session, row, Action.SUPERSEDE, now=now)
    await session.flush()  # what is superseded makes room for what is opened again
    await _open_beside(session, rows, origin=origin, wanted=wanted, now=now)


async def open_missing(
    session: AsyncSession,
    *,
    origin: UUID,
    cause: Cause,
    wanted: Collection[Wanted],
    now: datetime,
) -> None:
    """Open what does not stand yet; what stands of the cause is left alone."""
    rows = await queries.of_origin(session, origin, cause=cause)
    wanted = await _borne(session, wanted, now=now)
    await _open_beside(session, rows, origin=origin, wanted=wanted, now=now)


async def _open_beside(
    session: AsyncSession,
    rows: Collection[Obligation],
    *,
    origin: UUID,
    wanted: Collection[Wanted],
    now: datetime,
) -> None:
    standing = {(row.duty, row.subject) for row in rows}
    missing = [want for want in wanted if want.key not in standing]
    _open(session, origin=origin, wanted=missing, now=now)


async def open_single(
    session: AsyncSession, *, origin: UUID, wanted: Collection[Wanted], now: datetime
) -> None:
    """Open obligations of single subjects, each with its clock, and tell of those of units."""
    _open(session, origin=origin, wanted=await _borne(session, wanted, now=now), now=now)


async def _borne(
    session: AsyncSession, wanted: Collection[Wanted], *, now: datetime
) -> list[Wanted]:
    """What is wanted, of those who bear it today: of a unit that ended its heir, and once.

    Today is the day on which it is asked, however late the fact arrived: what a unit owed may
    have been handed over since.
    """
    units = {want.unit for want in wanted if want.unit is not None}
    heirs = await successions.bearing(session, units, on=today(now))
    borne = [want.borne_by(heirs[want.unit]) if want.unit else want for want in wanted]
    return list({want.key: want for want in borne}.values())


def today(told_at: datetime) -> date:
    """The day on which a fact that was told at an instant is acted on."""
    return calendar.day_of(max(told_at, clock.now()))


def _open(session: AsyncSession, *, origin: UUID, wanted: Iterable[Wanted], now: datetime) -> None:
    for want in wanted:
        row = _opened(origin, want, now=now)
        session.add(row)
        if want.clocked and not want.stands:
            clock = timers.new(kind=DUE, entity_id=str(row.id), due_at=row.due_at, rule=row.rule)
            timers.begin(session, clock)
        tell_opened(session, row, now=now)


def tell_opened(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """Tell a unit what it has to do; an enterprise finds it in its list."""
    if row.unit is not None:
        publish(session, ObligationOpened(**_facts(row), occurred_at=now))


def _opened(origin: UUID, want: Wanted, *, now: datetime) -> Obligation:
    return Obligation(
        id=uuid7(),
        kind=want.kind,
        cause=want.cause,
        status=Status.OPEN,
        origin=origin,
        duty=want.duty,
        subject=want.subject,
        unit=want.unit,
        enterprise_uscc=want.enterprise_uscc,
        region_code=want.region_code,
        rule=want.rule,
        due_at=want.due_at,
        stopped_at=now if want.stands else None,
        opened_at=now,
    )


def _facts(row: Obligation) -> dict[str, Any]:
    return {
        "obligation_id": row.id,
        "unit": row.unit,
        "region_code": row.region_code,
        "kind": row.kind,
        "origin": row.origin,
        "due_at": row.due_at,
        "duty": row.duty if of_plan(row.duty) else None,
    }


async def fulfil(session: AsyncSession, *, origin: UUID, duty: str, now: datetime) -> None:
    """A fact proves that a duty was done; nobody has to hand anything in."""
    for row in await queries.live(session, origin, duty=duty, released=True):
        row.released_for = None
        await close(session, row, Action.FULFIL, now=now)


async def move_due(
    session: AsyncSession,
    *,
    origin: UUID,
    duty: str,
    due_at: datetime | None,
    reason: str,
    now: datetime,
) -> None:
    """What stands of a duty is due at another instant; with None its clock stands still.

    Each is a further generation of the clock with its reason. What was found overdue and has
    more time now is not overdue any more, and can be again.
    """
    for row in await queries.live(session, origin, duty=duty):
        if due_at is None:
            row.stopped_at = row.stopped_at or now
            await timers.cancel(session, kind=DUE, entity_id=str(row.id), now=now)
        else:
            await postpone(session, row, due_at, reason=reason, now=now)
        moved = {"reason": reason, "due_at": due_at.isoformat() if due_at else None}
        audit.note(
            session,
            by=SYSTEM,
            act="obligation.move_due",
            entity="obligation",
            entity_id=row.id,
            detail=moved,
        )


async def postpone(
    session: AsyncSession, row: Obligation, due_at: datetime, *, reason: str, now: datetime
) -> None:
    """One obligation is due at another instant, by a clock of its own from now on."""
    row.due_at, row.stopped_at = due_at, None
    if due_at > now:
        row.overdue_at = None
    await timers.arm(
        session, kind=DUE, entity_id=str(row.id), due_at=due_at, rule=row.rule, reason=reason
    )


async def close(session: AsyncSession, row: Obligation, action: Action, *, now: datetime) -> None:
    """End an obligation by an action that its state allows, and its clock with it."""
    row.status = after(Status(row.status), action)
    row.closed_at = now
    await timers.cancel(session, kind=DUE, entity_id=str(row.id), now=now)


async def move_on(session: AsyncSession, row: Obligation, action: Action, *, now: datetime) -> None:
    """Take an obligation where an action leads; one that is met ends, with its clock."""
    if after(Status(row.status), action) in LIVE:
        row.status = after(Status(row.status), action)
    else:
        await close(session, row, action, now=now)


async def reopen(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """What was accepted was not done: it is owed again, by the same deadline."""
    row.status = after(Status(row.status), Action.REOPEN)
    row.closed_at = None
    await run_clock(session, row, reason="acceptance withdrawn", now=now)
    if row.unit is not None:
        await reorganisations.inherit_anew(session, unit=row.unit, now=now)


async def stop_clock(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """Nobody finds it overdue until the clock runs again."""
    row.stopped_at = row.stopped_at or now
    await timers.cancel(session, kind=DUE, entity_id=str(row.id), now=now)


async def run_clock(session: AsyncSession, row: Obligation, *, reason: str, now: datetime) -> None:
    """Let its own clock run to its deadline again.

    What is watched set by set has none, unless the others of its set were looked at meanwhile.
    """
    had = await timers.latest(session, kind=DUE, entity_id=str(row.id))
    if (had is not None or row.due_at <= now) and row.stopped_at is None:
        await timers.arm(
            session,
            kind=DUE,
            entity_id=str(row.id),
            due_at=row.due_at,
            rule=row.rule,
            reason=reason,
        )


def note_overdue(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """The deadline passed and the subject has not handed anything in: said once."""
    if row.overdue_at is not None or row.status not in OWED or not _is_past(row, now):
        return
    row.overdue_at = now
    if row.unit is not None:
        publish(session, overdue(row, now=now))


def _is_past(row: Obligation, now: datetime) -> bool:
    return row.stopped_at is None and now >= row.due_at


def overdue(row: Obligation, *, now: datetime) -> ObligationOverdue:
    """What is told of an obligation of a unit whose deadline passed."""
    return ObligationOverdue(**_facts(row), occurred_at=now)
