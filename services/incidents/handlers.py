"""What incidents does when something is told: it follows its own facts to keep its counts.

The counting is done after the report's commit, so that no reporter ever waits for it.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentFact, AccidentRegraded, AccidentReported, AccidentUpdated
from kernel.inbox import Subscription, on
from services.incidents.entries import operations as entries
from services.incidents.statistics import operations as statistics


async def open_entry_on_accident_reported(session: AsyncSession, event: AccidentReported) -> None:
    """An accident must be entered in the national statistics within a day."""
    await entries.open_entry(session, accident_id=event.accident_id)


async def count_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """The sums hold the accident as it stands now."""
    await statistics.count(session, accident_id=event.accident_id, now=event.occurred_at)


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(AccidentReported, open_entry_on_accident_reported),
    on(AccidentReported, count_on_accident_fact),
    on(AccidentUpdated, count_on_accident_fact),
    on(AccidentRegraded, count_on_accident_fact),
)
