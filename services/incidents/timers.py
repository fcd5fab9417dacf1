"""What incidents does when a deadline passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.timers import Timer, when
from services.incidents.bystanders import operations as bystanders
from services.incidents.relays import operations as relays


async def mark_relay_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A hop should have been made by now."""
    await relays.mark_overdue(session, relay_id=UUID(timer.entity_id), now=now)


async def alarm_the_place_when_public_report_unchecked(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A desk should have looked into a report of the public by now."""
    await bystanders.mark_overdue(session, report_id=UUID(timer.entity_id), now=now)


TIMERS = (
    when(relays.RELAY_DUE, mark_relay_overdue_when_due),
    when(bystanders.CHECK_DUE, alarm_the_place_when_public_report_unchecked),
)
