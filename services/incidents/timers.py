"""What incidents does when a deadline passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.timers import Timer, when
from services.incidents.relays import operations as relays
from services.incidents.rescues import operations as rescues


async def mark_relay_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A hop should have been made by now."""
    await relays.mark_overdue(session, relay_id=UUID(timer.entity_id), now=now)


async def turn_follow_up_day_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A day of a rescue has ended."""
    await rescues.turn(session, day_id=UUID(timer.entity_id), now=now)


TIMERS = (
    when(relays.RELAY_DUE, mark_relay_overdue_when_due),
    when(rescues.FOLLOW_UP_DUE, turn_follow_up_day_when_due),
)
