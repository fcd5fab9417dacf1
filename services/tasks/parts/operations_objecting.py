"""A part waits while an objection to it is decided on; then it goes on, or has more time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import timers
from services.tasks.obligations.domain import LIVE
from services.tasks.parts import operations, operations_opening
from services.tasks.parts.operations import Stands

PART_DUE = "part_due"
"""The clock of a part that has more time than its whole; all others ring with the whole."""


async def wait(session: AsyncSession, stands: Stands, *, now: datetime) -> None:
    """The unit does not hold its part until somebody has decided: whoever decides does."""
    stands.part.objected_at = now
    await operations_opening.hold_anew(session, stands.row.id, stands.parts, now=now)


async def go_on(session: AsyncSession, stands: Stands, *, now: datetime) -> None:
    """The unit has to do its part as before, and is told at once if it is late."""
    stands.part.objected_at = None
    if stands.row.status in LIVE:
        await operations_opening.hold_anew(session, stands.row.id, stands.parts, now=now)
        await operations_opening.tell_late(session, stands.row, now=now)


async def give_time(
    session: AsyncSession, stands: Stands, due_at: datetime, *, reason: str, now: datetime
) -> None:
    """The unit has to do its part by a later instant, by a clock of its own from now on."""
    part, row = stands.part, stands.row
    part.own_due_at = due_at
    await go_on(session, stands, now=now)
    await timers.arm(
        session,
        kind=PART_DUE,
        entity_id=str(part.id),
        due_at=due_at,
        rule=row.rule,
        reason=reason,
    )


async def note_overdue(session: AsyncSession, *, part_id: UUID, now: datetime) -> None:
    """The time that a part was given is over: whoever holds it then is told."""
    stands = await operations.locked(session, part_id)
    await operations_opening.tell_late(session, stands.row, now=now)
