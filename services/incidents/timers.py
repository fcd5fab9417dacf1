"""What incidents does when a deadline passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.timers import Timer, when
from services.incidents.climbs import operations_listing as lists
from services.incidents.climbs.domain import SUPERVISION_DUE
from services.incidents.clocks import operations as clocks
from services.incidents.investigations.domain import INVESTIGATION_DUE, INVESTIGATION_WARNING
from services.incidents.relays import operations as relays


async def mark_relay_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A hop should have been made by now."""
    await relays.mark_overdue(session, relay_id=UUID(timer.entity_id), now=now)


async def mark_investigation_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A stage of an investigation should have been done by now."""
    await clocks.mark_overdue(session, thing=timer.entity_id, now=now)


async def warn_of_investigation_when_soon_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Few days are left of a stage of an investigation."""
    await clocks.warn(session, thing=timer.entity_id, now=now)


async def mark_supervision_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What a list asks should have been done by now."""
    await lists.mark_overdue(session, thing=timer.entity_id, now=now)


TIMERS = (
    when(relays.RELAY_DUE, mark_relay_overdue_when_due),
    when(INVESTIGATION_DUE, mark_investigation_overdue_when_due),
    when(INVESTIGATION_WARNING, warn_of_investigation_when_soon_due),
    when(SUPERVISION_DUE, mark_supervision_overdue_when_due),
)
