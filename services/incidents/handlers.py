"""What incidents does on facts: it hears its own, for what need not delay a report."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import (
    AccidentRegraded,
    AccidentReported,
    AccidentUpdated,
    InvestigationEscalated,
)
from kernel.inbox import Subscription, on
from services.incidents.clocks import operations as clocks


async def open_investigation_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """Open the investigation of the new accident and set its clocks."""
    await clocks.open_case(session, accident_id=event.accident_id, now=event.occurred_at)


async def review_investigation_on_accident_updated(
    session: AsyncSession, event: AccidentUpdated
) -> None:
    """New figures may change what is looked into, and who may be entrusted with it."""
    await clocks.open_case(session, accident_id=event.accident_id, now=event.occurred_at)


async def move_investigation_on_accident_regraded(
    session: AsyncSession, event: AccidentRegraded
) -> None:
    """The new grade may have given the case to another level, and other limits."""
    await clocks.open_case(session, accident_id=event.accident_id, now=event.occurred_at)


async def move_investigation_on_investigation_escalated(
    session: AsyncSession, event: InvestigationEscalated
) -> None:
    """The case is with the government that took it."""
    await clocks.open_case(session, accident_id=event.accident_id, now=event.occurred_at)


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(AccidentReported, open_investigation_on_accident_reported),
    on(AccidentUpdated, review_investigation_on_accident_updated),
    on(AccidentRegraded, move_investigation_on_accident_regraded),
    on(InvestigationEscalated, move_investigation_on_investigation_escalated),
)
