"""What incidents does when something is told: it keeps its own aids for reading.

It hears itself, so that what a reader is helped by is written after the report's commit and
never makes a reporter wait.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import (
    AccidentCorrected,
    AccidentFact,
    AccidentMerged,
    AccidentPlaced,
    AccidentQualified,
    AccidentRegraded,
    AccidentReported,
    AccidentShared,
    AccidentStruckOff,
    AccidentUpdated,
    InvestigationEscalated,
    InvestigationPublished,
    RelayForwarded,
    RelayTelephoned,
)
from contracts.incidents_cases import (
    ClockMove,
    InvestigationApproved,
    InvestigationClockMoved,
)
from contracts.incidents_enterprises import AccidentIdentified
from contracts.inspections import EnterpriseRegistered
from contracts.tasks_orders import OrderDeathsTold
from kernel.calendar import day_of
from kernel.inbox import Subscription, on
from reference.national.rows import Deadline
from services.incidents.clocks import operations as clocks
from services.incidents.corrections import queries as corrections
from services.incidents.directreports import operations as direct_reports
from services.incidents.directreports import rules as direct_rules
from services.incidents.duplicates import operations_matching as duplicates
from services.incidents.enterprises import operations as enterprises
from services.incidents.enterprises import queries as known
from services.incidents.evaluations import operations as evaluations
from services.incidents.leads import operations_intake as leads
from services.incidents.lookbacks import operations as lookbacks
from services.incidents.maps import operations as maps
from services.incidents.notices import operations as notices
from services.incidents.relays import operations_calls as calls
from services.incidents.rescues import operations as rescues
from services.incidents.search import operations as search
from services.incidents.sharing import operations as sharing
from services.incidents.statistics import operations as statistics
from services.incidents.statistics import operations_closure as closures
from services.incidents.statistics import operations_entries as entries
from services.incidents.tolls import operations as tolls


async def index_text_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """What a report says can be searched."""
    await search.index(session, accident_id=event.accident_id)


async def place_on_map_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """The map shows the accident with its newest grade; a merged one is no longer counted."""
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
        generation=event.generation,
        approved_on=event.approved_on or event.published_on,
        now=event.occurred_at,
    )


async def plan_evaluation_on_investigation_approved(
    session: AsyncSession, event: InvestigationApproved
) -> None:
    """The year in which the lessons must be learnt begins now, published or not."""
    await evaluations.plan(
        session,
        accident_id=event.accident_id,
        generation=event.generation,
        approved_on=day_of(event.occurred_at),
        now=event.occurred_at,
    )


async def plan_lookback_on_investigation_published(
    session: AsyncSession, event: InvestigationPublished
) -> None:
    """Where the city's plan asks for it, somebody looks back."""
    await lookbacks.plan(
        session,
        accident_id=event.accident_id,
        generation=event.generation,
        published_on=event.published_on,
        now=event.occurred_at,
    )


async def open_investigation_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """Open the investigation of the new accident and set its clocks."""
    await _reckon(session, event, because=ClockMove.OPENED)


async def review_investigation_on_accident_updated(
    session: AsyncSession, event: AccidentUpdated
) -> None:
    """New figures may change what is looked into, and who may be entrusted with it."""
    await _reckon(session, event, because=ClockMove.RECKONED)


async def move_clock_on_accident_corrected(session: AsyncSession, event: AccidentCorrected) -> None:
    """The limit runs from the day on which the accident happened after all."""
    await _reckon(session, event, because=ClockMove.RECKONED)


async def move_investigation_on_accident_regraded(
    session: AsyncSession, event: AccidentRegraded
) -> None:
    """The new grade may have given the case to another level, and other limits."""
    await _reckon(session, event, because=ClockMove.REGRADED)


async def move_investigation_on_investigation_escalated(
    session: AsyncSession, event: InvestigationEscalated
) -> None:
    """The case is with the government that took it."""
    await _reckon(session, event, because=ClockMove.TAKEN_UP)


async def move_investigation_on_accident_placed(
    session: AsyncSession, event: AccidentPlaced
) -> None:
    """The case is with whoever investigates where the accident lies."""
    await _reckon(session, event, because=ClockMove.RECKONED)


async def stop_clocks_on_accident_merged(session: AsyncSession, event: AccidentMerged) -> None:
    """Whoever investigates does so in the case of the accident that goes on."""
    await _reckon(session, event, because=ClockMove.MERGED)


async def _reckon(session: AsyncSession, event: AccidentFact, *, because: ClockMove) -> None:
    await clocks.open_case(
        session, accident_id=event.accident_id, because=because, now=event.occurred_at
    )


async def open_clocks_on_accident_reported(session: AsyncSession, event: AccidentReported) -> None:
    """The desk telephones, notifies and follows up every day; the unit itself may owe its word."""
    await calls.open_first_calls(session, accident_id=event.accident_id)
    await notices.open_notices(
        session,
        accident_id=event.accident_id,
        desk=event.receiving_unit,
        received_at=event.received_at,
    )
    await rescues.begin(session, accident_id=event.accident_id)
    owed = direct_rules.owed(event.grade, on=day_of(event.received_at))
    await _owe_directly(session, event, owed)


async def count_follow_up_on_accident_updated(
    session: AsyncSession, event: AccidentUpdated
) -> None:
    """A follow-up counts for its day, and changes the toll or leaves it."""
    await _count(session, event)


async def count_follow_up_on_accident_regraded(
    session: AsyncSession, event: AccidentRegraded
) -> None:
    """A follow-up that moved the grade counts too, and may ask for calls and the unit's word."""
    await _count(session, event)
    await calls.open_calls_of_all(session, accident_id=event.accident_id, since=event.occurred_at)
    at = event.occurred_at
    owed = direct_rules.owed(event.grade, on=day_of(at), before=event.from_grade)
    await _owe_directly(session, event, owed, regraded_at=at)


async def _owe_directly(
    session: AsyncSession,
    event: AccidentFact,
    owed: Sequence[Deadline],
    *,
    regraded_at: datetime | None = None,
) -> None:
    """What the unit tells itself runs from when its head knew, as corrected by now."""
    if owed:
        await direct_reports.open_owed(
            session,
            accident_id=event.accident_id,
            owed=owed,
            known_at=await corrections.known_at(session, event.accident_id),
            regraded_at=regraded_at,
        )


async def _count(session: AsyncSession, event: AccidentUpdated | AccidentRegraded) -> None:
    await tolls.note_change(
        session,
        accident_id=event.accident_id,
        report_id=event.report_id,
        now=event.occurred_at,
    )
    await rescues.count(session, accident_id=event.accident_id, received_at=event.occurred_at)


async def open_clocks_on_relay_forwarded(session: AsyncSession, event: RelayForwarded) -> None:
    """The level that now has the report telephones and notifies in its turn."""
    await calls.note_text(
        session, accident_id=event.accident_id, level=event.level, at=event.forwarded_at
    )
    await calls.open_calls_of(
        session,
        accident_id=event.accident_id,
        unit=event.to_unit,
        received_at=event.forwarded_at,
    )
    await notices.open_notices(
        session,
        accident_id=event.accident_id,
        desk=event.to_unit,
        received_at=event.forwarded_at,
    )


async def open_calls_on_relay_telephoned(session: AsyncSession, event: RelayTelephoned) -> None:
    """A level that was telephoned has the report, and telephones on."""
    await calls.open_calls_of(
        session,
        accident_id=event.accident_id,
        unit=event.to_unit,
        received_at=event.telephoned_at,
    )


async def end_follow_ups_on_accident_merged(session: AsyncSession, event: AccidentMerged) -> None:
    """Whoever follows up does so on the accident that goes on."""
    await rescues.end_with_merger(session, accident_id=event.accident_id, now=event.occurred_at)


async def look_for_duplicates_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """Somebody else may have reported it already: a person is asked, never the reporter."""
    await duplicates.look_for(session, accident_id=event.accident_id, now=event.occurred_at)


async def tell_further_places_on_accident_reported(
    session: AsyncSession, event: AccidentReported
) -> None:
    """It reaches into further places: their desks hear of it too."""
    sharing.tell_further_places(session, reported=event)


async def keep_share_on_accident_shared(session: AsyncSession, event: AccidentShared) -> None:
    """The further place reads along from now on."""
    await sharing.keep_share(session, shared=event)


async def look_for_duplicates_on_accident_identified(
    session: AsyncSession, event: AccidentIdentified
) -> None:
    """Of the enterprise that is known now the accident may have been reported before."""
    await duplicates.look_for(session, accident_id=event.accident_id, now=event.occurred_at)


async def open_entry_on_accident_reported(session: AsyncSession, event: AccidentReported) -> None:
    """An accident that counts must be entered in the national statistics within a day."""
    await entries.follow(session, accident_id=event.accident_id, known_at=event.received_at)


async def follow_entry_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """New figures may lift an accident over the line of the statistics, or take it below."""
    await entries.follow(session, accident_id=event.accident_id, known_at=event.occurred_at)


async def count_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """The sums hold the accident as it stands now."""
    await statistics.count(session, accident_id=event.accident_id, now=event.occurred_at)


async def count_case_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """The counts of cases closed in time hold the case as it stands now.

    Publication counts too: it stands for an approval that was given elsewhere.
    """
    await closures.count(session, accident_id=event.accident_id)


async def open_lead_on_order_deaths_told(session: AsyncSession, event: OrderDeathsTold) -> None:
    """A caller spoke of deaths: it is matched with what was reported, or checked."""
    await leads.take_in_told(session, told=event, now=event.occurred_at)


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(AccidentReported, index_text_on_accident_fact),
    on(AccidentReported, place_on_map_on_accident_fact),
    on(AccidentUpdated, index_text_on_accident_fact),
    on(AccidentUpdated, place_on_map_on_accident_fact),
    on(AccidentRegraded, index_text_on_accident_fact),
    on(AccidentRegraded, place_on_map_on_accident_fact),
    on(AccidentCorrected, index_text_on_accident_fact),
    on(AccidentCorrected, place_on_map_on_accident_fact),
    # First the case: what is counted of it is its last day.
    on(AccidentCorrected, move_clock_on_accident_corrected),
    on(AccidentCorrected, count_on_accident_fact),
    on(EnterpriseRegistered, index_name_on_enterprise_registered),
    on(InvestigationPublished, plan_evaluation_on_investigation_published),
    on(InvestigationPublished, plan_lookback_on_investigation_published),
    on(AccidentReported, open_investigation_on_accident_reported),
    on(AccidentUpdated, review_investigation_on_accident_updated),
    on(AccidentRegraded, move_investigation_on_accident_regraded),
    on(InvestigationEscalated, move_investigation_on_investigation_escalated),
    on(AccidentReported, open_clocks_on_accident_reported),
    on(AccidentUpdated, count_follow_up_on_accident_updated),
    on(AccidentRegraded, count_follow_up_on_accident_regraded),
    on(RelayForwarded, open_clocks_on_relay_forwarded),
    on(RelayTelephoned, open_calls_on_relay_telephoned),
    on(AccidentReported, look_for_duplicates_on_accident_reported),
    on(AccidentReported, tell_further_places_on_accident_reported),
    on(AccidentShared, keep_share_on_accident_shared),
    on(AccidentReported, open_entry_on_accident_reported),
    on(AccidentUpdated, follow_entry_on_accident_fact),
    on(AccidentRegraded, follow_entry_on_accident_fact),
    on(AccidentCorrected, follow_entry_on_accident_fact),
    on(AccidentReported, count_on_accident_fact),
    on(AccidentUpdated, count_on_accident_fact),
    on(AccidentRegraded, count_on_accident_fact),
    on(AccidentPlaced, index_text_on_accident_fact),
    on(AccidentPlaced, place_on_map_on_accident_fact),
    on(AccidentPlaced, move_investigation_on_accident_placed),
    on(AccidentPlaced, count_on_accident_fact),
    on(AccidentIdentified, index_text_on_accident_fact),
    on(AccidentIdentified, place_on_map_on_accident_fact),
    on(AccidentIdentified, count_on_accident_fact),
    on(AccidentIdentified, look_for_duplicates_on_accident_identified),
    on(AccidentMerged, count_on_accident_fact),
    on(AccidentMerged, end_follow_ups_on_accident_merged),
    on(AccidentMerged, stop_clocks_on_accident_merged),
    on(AccidentQualified, count_on_accident_fact),
    on(AccidentStruckOff, count_on_accident_fact),
    on(InvestigationApproved, plan_evaluation_on_investigation_approved),
    on(AccidentMerged, place_on_map_on_accident_fact),
    on(InvestigationClockMoved, count_case_on_accident_fact),
    on(InvestigationApproved, count_case_on_accident_fact),
    on(InvestigationPublished, count_case_on_accident_fact),
    on(OrderDeathsTold, open_lead_on_order_deaths_told),
)
