"""What incidents does when something is told: it keeps its own aids for reading.

It hears itself, so that what a reader is helped by is written after the report's commit and
never makes a reporter wait.
"""

from sqlalchemy.ext.asyncio import AsyncSession
from contracts.incidents import (
    AccidentFact,
    AccidentRegraded,
    AccidentReported,
    AccidentUpdated,
    InvestigationEscalated,
    InvestigationPublished,
)
from contracts.inspections import EnterpriseRegistered
from kernel.inbox import Subscription, on
from services.incidents.enterprises import operations as enterprises
from services.incidents.enterprises import queries as known
from services.incidents.maps import operations as maps
from services.incidents.search import operations as search
from services.incidents.evaluations import operations as evaluations
from services.incidents.lookbacks import operations as lookbacks
from services.incidents.clocks import operations as clocks


async def index_text_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """What a report says can be searched."""
    await search.index(session, accident_id=event.accident_id)


async def place_on_map_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """The map shows the accident with its newest grade."""
    await maps.place(session, accident_id=event.accident_id)


async def index_name_on_enterprise_registered(
    session: AsyncSession, event: EnterpriseRegistered
) -> None:
    """An enterprise's accidents are found by the name it has now."""
    before = await known.name(session, event.uscc)
    await enterprises.record(session, told=event)
    if before != event.name:
        await search.index_enterprise(session, uscc=event.uscc)


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
    on(AccidentReported, index_text_on_accident_fact),
    on(AccidentReported, place_on_map_on_accident_fact),
    on(AccidentUpdated, index_text_on_accident_fact),
    on(AccidentUpdated, place_on_map_on_accident_fact),
    on(AccidentRegraded, index_text_on_accident_fact),
    on(AccidentRegraded, place_on_map_on_accident_fact),
    on(EnterpriseRegistered, index_name_on_enterprise_registered),
    on(InvestigationPublished, plan_evaluation_on_investigation_published),
    on(InvestigationPublished, plan_lookback_on_investigation_published),
    on(AccidentReported, open_investigation_on_accident_reported),
    on(AccidentUpdated, review_investigation_on_accident_updated),
    on(AccidentRegraded, move_investigation_on_accident_regraded),
    on(InvestigationEscalated, move_investigation_on_investigation_escalated),
)
