"""What incidents does when a deadline passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import SYSTEM
from kernel.timers import Timer, when
from services.incidents.entries import operations as entries
from services.incidents.entries.domain import EntryStage
from services.incidents.relays import operations as relays
from services.incidents.statistics import operations_bases as statistics


async def mark_relay_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A hop should have been made by now."""
    await relays.mark_overdue(session, relay_id=UUID(timer.entity_id), now=now)


async def mark_entry_overdue_when_enter_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An accident should stand in the statistics by now."""
    accident_id = UUID(timer.entity_id)
    await entries.mark_overdue(session, accident_id=accident_id, stage=EntryStage.ENTERED, now=now)


async def mark_entry_overdue_when_complete_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An entry should be complete by now."""
    accident_id = UUID(timer.entity_id)
    await entries.mark_overdue(
        session, accident_id=accident_id, stage=EntryStage.COMPLETED, now=now
    )


async def freeze_base_when_year_begins(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """The targets of a year begin to count against what the year before was."""
    await statistics.freeze_when_due(session, year=int(timer.entity_id), by=SYSTEM, now=now)


TIMERS = (
    when(relays.RELAY_DUE, mark_relay_overdue_when_due),
    when(entries.ENTER_DUE, mark_entry_overdue_when_enter_due),
    when(entries.COMPLETE_DUE, mark_entry_overdue_when_complete_due),
    when(statistics.BASE_DUE, freeze_base_when_year_begins),
)
