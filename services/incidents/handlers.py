"""What incidents does when something is told: it hears itself, for what comes a year later."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import InvestigationPublished
from kernel.inbox import Subscription, on
from services.incidents.evaluations import operations as evaluations
from services.incidents.lookbacks import operations as lookbacks


async def plan_evaluation_on_investigation_published(
    session: AsyncSession, event: InvestigationPublished
) -> None:
    """The year in which the lessons must be learnt begins with the approval.

    A report whose day of approval is not told counts from its publication.
    """
    await evaluations.plan(
        session,
        accident_id=event.accident_id,
        approved_on=event.approved_on or event.published_on,
        now=event.occurred_at,
    )


async def plan_lookback_on_investigation_published(
    session: AsyncSession, event: InvestigationPublished
) -> None:
    """Where the city's plan asks for it, somebody looks back."""
    await lookbacks.plan(
        session,
        accident_id=event.accident_id,
        published_on=event.published_on,
        now=event.occurred_at,
    )


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(InvestigationPublished, plan_evaluation_on_investigation_published),
    on(InvestigationPublished, plan_lookback_on_investigation_published),
)
