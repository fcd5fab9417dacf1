"""What tasks does when a deadline passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.timers import Timer, when
from services.tasks.obligations import operations, queries
from services.tasks.triggers import operations as triggers


async def note_overdue_when_obligation_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A subject that has handed nothing in by the deadline is overdue."""
    row = await queries.get(session, UUID(timer.entity_id), lock=True)
    operations.note_overdue(session, row, now=now)


async def note_overdue_when_triggered_duty_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Everybody who has not done what an event asked of all is overdue."""
    await triggers.note_overdue(session, triggered_id=UUID(timer.entity_id), now=now)


TIMERS = (
    when(operations.DUE, note_overdue_when_obligation_due),
    when(triggers.DUE, note_overdue_when_triggered_duty_due),
)
