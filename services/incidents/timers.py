"""What incidents does when a deadline passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.timers import Timer, when
from reference.terms import LeadStep
from services.incidents.leads import operations as leads
from services.incidents.leads import operations_steps as lead_steps
from services.incidents.relays import operations as relays


async def mark_relay_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A hop should have been made by now."""
    await relays.mark_overdue(session, relay_id=UUID(timer.entity_id), now=now)


async def mark_first_check_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An alleged accident should have been looked into by now."""
    step = LeadStep.FIRST_CHECK
    await leads.mark_overdue(session, lead_id=UUID(timer.entity_id), step=step, now=now)


async def mark_lead_result_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An alleged accident should have been settled by now."""
    step = LeadStep.RESULT
    await leads.mark_overdue(session, lead_id=UUID(timer.entity_id), step=step, now=now)


TIMERS = (
    when(relays.RELAY_DUE, mark_relay_overdue_when_due),
    when(lead_steps.FIRST_CHECK_DUE, mark_first_check_overdue_when_due),
    when(lead_steps.RESULT_DUE, mark_lead_result_overdue_when_due),
)
