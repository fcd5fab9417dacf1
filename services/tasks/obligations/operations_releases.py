"""Release obligations whose cause fell away, one or a set at a time, and let them stand again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, timers
from kernel.access import SYSTEM
from reference import holidays
from services.tasks.obligations import operations, rules
from services.tasks.obligations.domain import Action, Cause, Release, Status, after, handed_in
from services.tasks.obligations.operations import DUE
from services.tasks.obligations.tables import Obligation
from services.tasks.successions import operations as reorganisations

CHUNK = 20_000
"""Enterprises per statement, as they were opened."""

# The index by origin is found by what it says of superseded ones.
# What was found late only after the instant was not owed then; what was due by the instant and
# is found late by nobody yet was owed, and is late.
_RELEASE = text(
    """
    UPDATE obligation SET status = 'released', released_for = :reason, closed_at = :at,
        overdue_at = CASE
            WHEN overdue_at > :at THEN NULL
            WHEN overdue_at IS NULL AND stopped_at IS NULL AND due_at <= :at
                 AND status IN ('open', 'returned') THEN :at
            ELSE overdue_at END
    WHERE id IN (
        SELECT id FROM obligation
        WHERE origin = :origin AND cause = :cause AND enterprise_uscc IS NOT NULL
          AND status IN ('open', 'submitted', 'returned') AND status <> 'superseded'
        ORDER BY id LIMIT :chunk FOR UPDATE
    )
    RETURNING 1
    """
)

# Of a set all are due when its opening is; who had a deadline of their own stands again already.
_RESUME = text(
    """
    UPDATE obligation SET released_for = NULL, closed_at = NULL, due_at = opening.due_at,
        status = CASE WHEN waiting > 0 AND (obligation.least IS NULL
                           OR credited + waiting >= obligation.least)
                      THEN 'submitted' ELSE 'open' END
    FROM opening
    WHERE opening.origin = obligation.origin
      AND opening.year || '/' || opening.code = obligation.duty
      AND obligation.id IN (
        SELECT id FROM obligation
        WHERE origin = :origin AND cause = :cause AND enterprise_uscc IS NOT NULL
          AND status = 'released' AND status <> 'superseded'
        ORDER BY id LIMIT :chunk FOR UPDATE
    )
    RETURNING 1
    """
)


async def release(session: AsyncSession, row: Obligation, *, reason: Release, at: datetime) -> None:
    """End what nobody owes any more since an instant; what was late by then stays late."""
    if row.overdue_at is not None and row.overdue_at > at:
        row.overdue_at = None
    elif await _is_watched(session, row):
        operations.note_overdue(session, row, now=at)
    row.released_for = str(reason)
    await operations.close(session, row, Action.RELEASE, now=at)
    _note(session, row, "obligation.release", reason=str(reason))


async def _is_watched(session: AsyncSession, row: Obligation) -> bool:
    """Whether a clock still runs to its deadline: its own, or that of the set it is of."""
    clock = await timers.latest(session, kind=DUE, entity_id=str(row.id))
    if clock is None:
        return row.cause == Cause.PUBLICATION
    return clock.fired_at is None and clock.cancelled_at is None


async def release_some(
    session: AsyncSession, *, origin: UUID, cause: Cause, reason: Release, at: datetime
) -> bool:
    """Release some more enterprises of a set; whether there may be others."""
    picked = {"origin": origin, "cause": cause, "reason": reason, "at": at, "chunk": CHUNK}
    return len((await session.execute(_RELEASE, picked)).all()) == CHUNK


async def resume(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """It is owed after all: with the time that was left, and as late as it was."""
    ended_at = row.closed_at or now
    row.status = after(Status(row.status), Action.RESUME)
    row.closed_at = row.released_for = None
    row.due_at = rules.resumed_due(
        row.due_at, ended_at=ended_at, resumed_at=now, days_off=holidays.calendar()
    )
    if row.waiting:
        action = handed_in(least=row.least, credited=row.credited, waiting=row.waiting)
        row.status = after(Status(row.status), action)
    _note(session, row, "obligation.resume", reason=None)
    await _run_clock(session, row)
    if row.unit is not None:
        await reorganisations.inherit_anew(session, unit=row.unit, now=now)


async def _run_clock(session: AsyncSession, row: Obligation) -> None:
    """What had a clock of its own has one again, unless it was found late already."""
    had = await timers.latest(session, kind=DUE, entity_id=str(row.id))
    if had is None or row.overdue_at is not None or row.stopped_at is not None:
        return
    await timers.arm(
        session,
        kind=DUE,
        entity_id=str(row.id),
        due_at=row.due_at,
        rule=row.rule,
        reason="resumed",
    )


async def resume_some(session: AsyncSession, *, origin: UUID, cause: Cause) -> bool:
    """Let some more enterprises of a set owe it again; whether there may be others."""
    picked = {"origin": origin, "cause": cause, "chunk": CHUNK}
    return len((await session.execute(_RESUME, picked)).all()) == CHUNK


def _note(session: AsyncSession, row: Obligation, act: str, *, reason: str | None) -> None:
    audit.note(
        session,
        by=SYSTEM,
        act=act,
        entity="obligation",
        entity_id=row.id,
        detail={"reason": reason} if reason else {"due_at": row.due_at.isoformat()},
    )
