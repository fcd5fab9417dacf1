"""What tasks does when the others speak."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import (
    AccidentCorrected,
    AccidentFact,
    AccidentMerged,
    AccidentPlaced,
    AccidentQualified,
    AccidentRegraded,
    AccidentReported,
    AccidentStruckOff,
    AccidentUpdated,
    FindingDismissed,
    FindingMade,
    InvestigationEscalated,
    InvestigationPublished,
    LeadSettled,
    RelayForwarded,
    Toll,
)
from contracts.incidents_cases import (
    InvestigationClockMoved,
    RecommendationClosed,
    RecommendationMade,
)
from contracts.incidents_enterprises import AccidentIdentified
from contracts.inspections import EnterpriseRegistered
from contracts.tasks import PlanIssued
from kernel.events import Event
from kernel.inbox import on
from reference.terms import FindingStatus, Grade
from services.tasks.accidents import domain, operations_standing
from services.tasks.accidents import operations as accidents
from services.tasks.accidents.domain import Known
from services.tasks.accidents.operations import Moved
from services.tasks.cards import operations as cards
from services.tasks.chains import operations as chains
from services.tasks.chains.operations import EnterpriseFacts
from services.tasks.handlers_figures import SUBSCRIPTIONS as OF_FIGURES
from services.tasks.handlers_self import SUBSCRIPTIONS as OF_ITSELF
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import Cause
from services.tasks.openings import operations_beginnings as openings
from services.tasks.openings import operations_newcomers as newcomers
from services.tasks.orders import operations as orders
from services.tasks.releases import operations as releases


async def open_duties_on_accident_reported(session: AsyncSession, event: AccidentReported) -> None:
    """Pass it on, go there, investigate it: for the units that answer for it that day."""
    known = Known(
        region_code=event.region_code,
        enterprise_uscc=event.enterprise_uscc,
        industry=event.industry,
        happened_at=event.happened_at,
        received_at=event.received_at,
        grade=event.grade,
    )
    await accidents.take_report(
        session, accident_id=event.accident_id, known=known, unit=event.investigating_unit
    )
    await _leave_out(session, event)
    await accidents.open_relays(
        session, accident_id=event.accident_id, hops=event.relays, now=event.occurred_at
    )
    await _ask_by_grade(session, event, toll=event.toll)
    if event.grade is not Grade.GENERAL:  # no threshold counts milder ones
        await _weigh(session, event)


async def renew_duties_on_accident_regraded(session: AsyncSession, event: AccidentRegraded) -> None:
    """Another grade asks other units; what it no longer asks is superseded and kept."""
    await accidents.move_grade(
        session,
        accident_id=event.accident_id,
        grade=event.grade,
        industry=event.industry,
        unit=event.investigating_unit,
    )
    await _leave_out(session, event)
    await accidents.open_relays(
        session, accident_id=event.accident_id, hops=event.relays, now=event.occurred_at
    )
    await _ask_by_grade(session, event, toll=event.toll)
    await _weigh(session, event)


async def keep_standing_on_accident_updated(session: AsyncSession, event: AccidentUpdated) -> None:
    """Scores leave out what turns out to be slight, and count what turns out to be more."""
    await _leave_out(session, event)


async def keep_moment_on_accident_corrected(
    session: AsyncSession, event: AccidentCorrected
) -> None:
    """Scores count it in the period in which it happened after all, and for its own trade."""
    await accidents.correct(session, accident_id=event.accident_id, happened_at=event.happened_at)
    await _leave_out(session, event)
    if event.industry is not None and event.investigating_unit is not None:
        await _ask_in_trade(session, event, event.industry, unit=event.investigating_unit)


async def _ask_in_trade(
    session: AsyncSession, event: AccidentCorrected, industry: str, *, unit: str
) -> None:
    """Those who answer for the trade are asked, as if it had been reported as one of it."""
    await accidents.move_grade(
        session, accident_id=event.accident_id, grade=event.grade, industry=industry, unit=unit
    )
    await _ask_anew(session, event, toll=event.toll)
    await _weigh(session, event)


async def ask_owner_on_accident_identified(
    session: AsyncSession, event: AccidentIdentified
) -> None:
    """The enterprise and those who answer for its trade are asked, as if it had been known."""
    await accidents.identify(session, accident_id=event.accident_id, uscc=event.enterprise_uscc)
    await _ask_anew(session, event, toll=event.toll)
    await _weigh(session, event)


async def _ask_anew(
    session: AsyncSession, event: AccidentCorrected | AccidentIdentified, *, toll: Toll | None
) -> None:
    harmed = toll is not None and any(toll.model_dump().values())
    await accidents.ask_by_grade(
        session,
        accident_id=event.accident_id,
        event=_unversioned(AccidentReported),
        casualties=harmed,
        now=event.occurred_at,
    )


async def move_duties_on_accident_placed(session: AsyncSession, event: AccidentPlaced) -> None:
    """Those who answer where it lies are asked, as if it had been reported from there."""
    await accidents.move_place(
        session,
        accident_id=event.accident_id,
        region_code=event.region_code,
        unit=event.investigating_unit,
    )
    await accidents.ask_by_grade(
        session,
        accident_id=event.accident_id,
        event=_unversioned(AccidentReported),
        casualties=any(event.toll.model_dump().values()),
        now=event.occurred_at,
    )


async def _leave_out(
    session: AsyncSession,
    event: AccidentReported | AccidentUpdated | AccidentRegraded | AccidentCorrected,
) -> None:
    await operations_standing.leave_out(
        session, accident_id=event.accident_id, left_out=event.left_out
    )


async def _weigh(session: AsyncSession, event: AccidentFact) -> None:
    await cards.weigh(session, accident_id=event.accident_id, now=event.occurred_at)


async def _ask_by_grade(
    session: AsyncSession, event: AccidentReported | AccidentRegraded, *, toll: Toll
) -> None:
    await accidents.ask_by_grade(
        session,
        accident_id=event.accident_id,
        event=_unversioned(event),
        casualties=any(toll.model_dump().values()),
        now=event.occurred_at,
    )


async def close_duties_on_accident_merged(session: AsyncSession, event: AccidentMerged) -> None:
    """It goes on as another accident, whose own duties stand; these are kept as superseded."""
    await accidents.close(session, accident_id=event.accident_id, now=event.occurred_at)
    await operations_standing.merge(session, accident_id=event.accident_id, into=event.into_id)
    await _weigh(session, event)


async def end_duties_on_accident_struck_off(
    session: AsyncSession, event: AccidentStruckOff
) -> None:
    """It is no production-safety accident: no assessment counts it, and it asks for nothing."""
    await operations_standing.strike_off(
        session, accident_id=event.accident_id, now=event.occurred_at
    )
    await releases.release_some(session, accident_id=event.accident_id, now=event.occurred_at)
    await _weigh(session, event)


async def count_accident_on_accident_qualified(
    session: AsyncSession, event: AccidentQualified
) -> None:
    """It is a production-safety accident, and one that had been struck off is so again."""
    struck_off_at = await operations_standing.restore(session, accident_id=event.accident_id)
    if struck_off_at is not None:
        await releases.resume(
            session,
            accident_id=event.accident_id,
            struck_off_at=struck_off_at,
            now=event.occurred_at,
        )
    await _weigh(session, event)


async def fulfil_relay_duty_on_relay_forwarded(
    session: AsyncSession, event: RelayForwarded
) -> None:
    """The report has been passed on: that duty is done."""
    await obligations.fulfil(
        session,
        origin=event.accident_id,
        duty=domain.relay_duty(event.relay_id),
        now=event.occurred_at,
    )


async def open_accountability_on_finding_made(session: AsyncSession, event: FindingMade) -> None:
    """A report that fell short is accounted for."""
    await accidents.hold_to_account(
        session,
        accident_id=event.accident_id,
        finding=event.kind,
        status=event.status,
        now=event.occurred_at,
    )
    await _keep_finding(session, event, status=event.status)


async def discount_finding_on_finding_dismissed(
    session: AsyncSession, event: FindingDismissed
) -> None:
    """The report had not fallen short after all."""
    await _keep_finding(session, event, status=FindingStatus.DISMISSED)


async def _keep_finding(
    session: AsyncSession, event: FindingMade | FindingDismissed, *, status: FindingStatus
) -> None:
    await operations_standing.keep_finding(
        session,
        accident_id=event.accident_id,
        finding_id=event.finding_id,
        kind=event.kind,
        status=status,
        now=event.occurred_at,
    )
    await _weigh(session, event)


async def move_investigation_on_investigation_escalated(
    session: AsyncSession, event: InvestigationEscalated
) -> None:
    """The investigation is the higher authority's now."""
    await accidents.move_investigation(
        session, accident_id=event.accident_id, unit=event.to_unit, now=event.occurred_at
    )


async def move_deadline_on_investigation_clock_moved(
    session: AsyncSession, event: InvestigationClockMoved
) -> None:
    """An extension, an appraisal or another grade: the duty is due when the limit ends now.

    A reopened case begins with its clock, and asks for its investigation anew.
    """
    moved = Moved(
        generation=event.generation,
        unit=event.unit,
        due_at=event.due_at,
        reason=str(event.reason),
    )
    await accidents.move_clock(
        session, accident_id=event.accident_id, moved=moved, now=event.occurred_at
    )


async def open_plan_duties_on_investigation_published(
    session: AsyncSession, event: InvestigationPublished
) -> None:
    """The investigation is done, and the plan has everybody in scope learn from it.

    Of what was struck off it has nobody learn, unless that is taken back.
    """
    accident, on = event.accident_id, event.published_on
    await accidents.end_investigation(session, accident_id=accident, now=event.occurred_at)
    if not await operations_standing.keep_publication(session, accident_id=accident, on=on):
        await releases.ask_everybody(
            session, accident_id=accident, grade=event.grade, day=on, now=event.occurred_at
        )


async def open_rectification_on_recommendation_made(
    session: AsyncSession, event: RecommendationMade
) -> None:
    """Whoever an investigation asks for something has to do it; each round anew."""
    await obligations.open_missing(
        session,
        origin=event.accident_id,
        cause=Cause.RECOMMENDATION,
        wanted=[domain.recommended(event)],
        now=event.occurred_at,
    )


async def fulfil_rectification_on_recommendation_closed(
    session: AsyncSession, event: RecommendationClosed
) -> None:
    """It was proved and reviewed where it was asked for: that duty is done."""
    await obligations.fulfil(
        session,
        origin=event.accident_id,
        duty=domain.recommendation_duty(event.recommendation_id, turn=event.round),
        now=event.occurred_at,
    )


async def keep_enterprise_on_enterprise_registered(
    session: AsyncSession, event: EnterpriseRegistered
) -> None:
    """The chain must know every enterprise."""
    facts = EnterpriseFacts(
        uscc=event.uscc,
        name=event.name,
        region_code=event.park_code or event.region_code,
        industry=event.industry,
        risk_class=event.risk_class,
        groups=tuple(sorted({*event.groups} | ({"in_park"} if event.park_code else set()))),
    )
    enterprise = await chains.keep_enterprise(session, facts=facts, now=event.occurred_at)
    await newcomers.owe_from_now(session, enterprise=enterprise, now=event.occurred_at)


async def lay_out_periods_on_plan_issued(session: AsyncSession, event: PlanIssued) -> None:
    """Every period of the plan's duties is opened when it begins."""
    await openings.lay_out(session, year=event.year, version=event.version, now=event.occurred_at)


async def keep_outcome_on_lead_settled(session: AsyncSession, event: LeadSettled) -> None:
    """The order that spoke of deaths knows whether it was so."""
    await orders.keep_outcome(
        session, lead_id=event.lead_id, confirmed=event.confirmed, now=event.occurred_at
    )


def _unversioned(event: Event | type[Event]) -> str:
    return event.subject.rpartition(".")[0]


SUBSCRIPTIONS = (
    on(AccidentReported, open_duties_on_accident_reported),
    on(AccidentUpdated, keep_standing_on_accident_updated),
    on(AccidentRegraded, renew_duties_on_accident_regraded),
    on(AccidentPlaced, move_duties_on_accident_placed),
    on(AccidentCorrected, keep_moment_on_accident_corrected),
    on(AccidentIdentified, ask_owner_on_accident_identified),
    on(RelayForwarded, fulfil_relay_duty_on_relay_forwarded),
    on(FindingMade, open_accountability_on_finding_made),
    on(InvestigationEscalated, move_investigation_on_investigation_escalated),
    on(InvestigationClockMoved, move_deadline_on_investigation_clock_moved),
    on(InvestigationPublished, open_plan_duties_on_investigation_published),
    on(RecommendationMade, open_rectification_on_recommendation_made),
    on(RecommendationClosed, fulfil_rectification_on_recommendation_closed),
    on(EnterpriseRegistered, keep_enterprise_on_enterprise_registered),
    on(AccidentMerged, close_duties_on_accident_merged),
    on(PlanIssued, lay_out_periods_on_plan_issued),
    on(AccidentStruckOff, end_duties_on_accident_struck_off),
    on(AccidentQualified, count_accident_on_accident_qualified),
    on(FindingDismissed, discount_finding_on_finding_dismissed),
    on(LeadSettled, keep_outcome_on_lead_settled),
    *OF_FIGURES,
    *OF_ITSELF,
)
