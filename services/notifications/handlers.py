"""What this service does when something is told. Ends with SUBSCRIPTIONS."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import (
    AccidentFact,
    AccidentMerged,
    AccidentPlaced,
    AccidentRegraded,
    AccidentReported,
    AccidentShared,
    AccidentsLikened,
    AccidentUpdated,
    EntryOverdue,
    FindingMade,
    FollowUpMissed,
    InvestigationEscalated,
    InvestigationPublished,
    LeadFact,
    LeadOverdue,
    LeadSettled,
    LeadUnmatched,
    NoticeOverdue,
    RelayOverdue,
)
from contracts.incidents_cases import (
    DeadlineMissed,
    InvestigationOverdue,
    InvestigationWarned,
    MemberStoodAside,
)
from contracts.incidents_enterprises import DirectReportOverdue
from contracts.incidents_reports import (
    PublicReportOverdue,
    PublicReportReceived,
    ReportSetAside,
)
from contracts.inspections import EnterpriseFlagged, VisitOpened
from contracts.tasks import DutyTriggered, ObligationOpened, ObligationOverdue
from contracts.tasks_parts import PartOverdue
from contracts.tasks_reminders import DigestDue, EnterpriseDigestDue
from kernel.inbox import on
from reference import units
from services.notifications.calls import operations as calls
from services.notifications.directory import queries as known
from services.notifications.endpoints.domain_offer import OFFERED
from services.notifications.handlers_directory import DIRECTORY
from services.notifications.handlers_orders import ORDERS
from services.notifications.handlers_reviews import REVIEWS
from services.notifications.handlers_scoring import SCORING
from services.notifications.handlers_supervisions import SUPERVISIONS
from services.notifications.messages import queries
from services.notifications.messages.operations import Cause
from services.notifications.telling import alarm, inform


async def queue_webhooks_on_accident_fact(session: AsyncSession, event: AccidentFact) -> None:
    """Every change of an accident goes to the systems that subscribed to it."""
    await calls.queue(session, event=event)


async def raise_alarm_on_accident_reported(session: AsyncSession, event: AccidentReported) -> None:
    """Call the chain of the grade."""
    await alarm(session, event)


async def inform_the_told_on_accident_updated(
    session: AsyncSession, event: AccidentUpdated
) -> None:
    """Whoever knows of the accident hears of the new figures."""
    await inform(session, event, to=await _told(session, event))


async def call_the_new_chain_on_accident_regraded(
    session: AsyncSession, event: AccidentRegraded
) -> None:
    """The new grade's chain is called for those who were not; the others hear of the change."""
    told = await _told(session, event)
    await inform(session, event, to=told)
    await alarm(session, event, told=told)


async def _told(session: AsyncSession, event: AccidentFact) -> Collection[str]:
    return await queries.told_of(session, origin=str(event.accident_id))


async def alarm_both_ends_on_relay_overdue(session: AsyncSession, event: RelayOverdue) -> None:
    """Who should have passed the report on, and who should have received it."""
    await alarm(session, event)


async def alarm_owing_desk_on_notice_overdue(session: AsyncSession, event: NoticeOverdue) -> None:
    """The desk that has not told a body, then those above it; never the body itself."""
    await alarm(session, event)


async def alarm_the_unit_on_direct_report_overdue(
    session: AsyncSession, event: DirectReportOverdue
) -> None:
    """The enterprise that has not told the province itself, its desk, and the province's."""
    await alarm(session, event)


async def raise_alarm_on_follow_up_missed(session: AsyncSession, event: FollowUpMissed) -> None:
    """Call the desk that answers for the follow-ups, then those above it."""
    await alarm(session, event)


async def raise_alarm_on_entry_overdue(session: AsyncSession, event: EntryOverdue) -> None:
    """The office that has not entered the accident, and the one that answers for the figures."""
    await alarm(session, event)


async def raise_alarm_on_finding_made(session: AsyncSession, event: FindingMade) -> None:
    """Call the chain of the finding."""
    await alarm(session, event)


async def raise_alarm_on_investigation_escalated(
    session: AsyncSession, event: InvestigationEscalated
) -> None:
    """Call the chain, and tell whoever takes the investigation."""
    await alarm(session, event)
    await inform(session, event, to=[event.to_unit])


async def raise_alarm_on_investigation_published(
    session: AsyncSession, event: InvestigationPublished
) -> None:
    """Call the chain of a publication."""
    await alarm(session, event)


async def raise_alarm_on_deadline_missed(session: AsyncSession, event: DeadlineMissed) -> None:
    """Call whoever had to act after an accident and has not."""
    await alarm(session, event)


async def raise_alarm_on_investigation_overdue(
    session: AsyncSession, event: InvestigationOverdue
) -> None:
    """Call the chain of a limit that ran out, those who hold the case first."""
    await alarm(session, event)


async def inform_holder_on_investigation_warned(
    session: AsyncSession, event: InvestigationWarned
) -> None:
    """Who holds the case hears how soon its limit runs out."""
    await inform(session, event, to=[event.unit])


async def inform_holder_on_member_stood_aside(
    session: AsyncSession, event: MemberStoodAside
) -> None:
    """Who holds the case weighs what the member had a part in, and fills the place."""
    await inform(session, event, to=[event.unit])


async def alarm_further_desk_on_accident_shared(
    session: AsyncSession, event: AccidentShared
) -> None:
    """The desk of a place that the accident reaches into."""
    await alarm(session, event)


async def inform_the_told_on_accident_placed(session: AsyncSession, event: AccidentPlaced) -> None:
    """Whoever was called hears where it lies, and so does who investigates it there."""
    told = await _told(session, event)
    await inform(session, event, to=dict.fromkeys((*told, event.investigating_unit)))


async def inform_the_told_on_accident_merged(session: AsyncSession, event: AccidentMerged) -> None:
    """Whoever was called over the merged accident hears under which id it goes on."""
    await inform(session, event, to=await _told(session, event))


async def inform_deciding_desk_on_accidents_likened(
    session: AsyncSession, event: AccidentsLikened
) -> None:
    """The desk that says whether they are one."""
    await inform(session, event, to=[event.unit])


async def call_the_desk_on_public_report_received(
    session: AsyncSession, event: PublicReportReceived
) -> None:
    """A desk must look into it. What is doubtful waits in its inbox and calls nobody at night."""
    if event.doubtful:
        on = Cause.of(event).day
        desk = units.governing(event.region_code, "emergency", on=on)
        await inform(session, event, to=[desk.code])
    else:
        await alarm(session, event)


async def raise_alarm_on_report_set_aside(session: AsyncSession, event: ReportSetAside) -> None:
    """A report that somebody holds a receipt for is stored nowhere: a person must call."""
    await alarm(session, event)


async def raise_alarm_on_public_report_overdue(
    session: AsyncSession, event: PublicReportOverdue
) -> None:
    """Nobody looked in time, doubtful or not."""
    await alarm(session, event)


async def raise_alarm_on_lead_unmatched(session: AsyncSession, event: LeadUnmatched) -> None:
    """Somebody says that people died and nobody has reported it."""
    await alarm(session, event)


async def raise_alarm_on_lead_overdue(session: AsyncSession, event: LeadOverdue) -> None:
    """The desk that should have checked, and those above it."""
    await alarm(session, event)


async def inform_the_told_on_lead_settled(session: AsyncSession, event: LeadSettled) -> None:
    """Whoever was alarmed hears what the check found."""
    await inform(session, event, to=await _told_of_lead(session, event))


async def _told_of_lead(session: AsyncSession, event: LeadFact) -> Collection[str]:
    return await queries.told_of(session, origin=str(event.lead_id))


async def inform_unit_on_obligation_opened(session: AsyncSession, event: ObligationOpened) -> None:
    """Whoever has to act hears by when."""
    await inform(session, event, to=[event.unit])


async def raise_alarm_on_obligation_overdue(
    session: AsyncSession, event: ObligationOverdue
) -> None:
    """Call the chain of a missed deadline."""
    await alarm(session, event)


async def inform_committee_office_on_duty_triggered(
    session: AsyncSession, event: DutyTriggered
) -> None:
    """The office that watches over the plan hears how many duties were opened."""
    on = Cause.of(event).day
    office = units.governing(event.region_code, "committee_office", on=on)
    await inform(session, event, to=[office.code])


async def raise_alarm_on_part_overdue(session: AsyncSession, event: PartOverdue) -> None:
    """Call whoever holds a shared duty past its deadline; those who wait are not called."""
    await alarm(session, event)


async def inform_liaison_on_digest_due(session: AsyncSession, event: DigestDue) -> None:
    """The liaison officer of a unit hears what it owes; the unit itself where it has none."""
    to = await known.post_or_unit(session, unit=event.unit, post="liaison", on=event.day)
    await inform(session, event, to=[to])


async def inform_enterprise_on_enterprise_digest_due(
    session: AsyncSession, event: EnterpriseDigestDue
) -> None:
    """The enterprise hears what it owes."""
    await inform(session, event, to=[event.enterprise_uscc])


async def inform_unit_on_visit_opened(session: AsyncSession, event: VisitOpened) -> None:
    """The inspecting unit hears of it; the enterprise does not."""
    await inform(session, event, to=[event.unit])


async def inform_enterprise_on_enterprise_flagged(
    session: AsyncSession, event: EnterpriseFlagged
) -> None:
    """The enterprise hears that it is watched, and why."""
    await inform(session, event, to=[event.uscc])


SUBSCRIPTIONS = (
    *DIRECTORY,
    on(AccidentReported, raise_alarm_on_accident_reported, urgent=True),
    on(AccidentUpdated, inform_the_told_on_accident_updated),
    on(AccidentRegraded, call_the_new_chain_on_accident_regraded, urgent=True),
    on(RelayOverdue, alarm_both_ends_on_relay_overdue, urgent=True),
    on(DirectReportOverdue, alarm_the_unit_on_direct_report_overdue, urgent=True),
    on(NoticeOverdue, alarm_owing_desk_on_notice_overdue),
    on(FindingMade, raise_alarm_on_finding_made, urgent=True),
    on(InvestigationEscalated, raise_alarm_on_investigation_escalated, urgent=True),
    on(InvestigationPublished, raise_alarm_on_investigation_published),
    on(ObligationOpened, inform_unit_on_obligation_opened),
    on(ObligationOverdue, raise_alarm_on_obligation_overdue),
    on(DutyTriggered, inform_committee_office_on_duty_triggered),
    *ORDERS,
    *SCORING,
    on(PartOverdue, raise_alarm_on_part_overdue),
    on(DigestDue, inform_liaison_on_digest_due),
    on(EnterpriseDigestDue, inform_enterprise_on_enterprise_digest_due),
    on(VisitOpened, inform_unit_on_visit_opened),
    on(EnterpriseFlagged, inform_enterprise_on_enterprise_flagged),
    on(DeadlineMissed, raise_alarm_on_deadline_missed),
    on(InvestigationWarned, inform_holder_on_investigation_warned),
    on(InvestigationOverdue, raise_alarm_on_investigation_overdue),
    on(MemberStoodAside, inform_holder_on_member_stood_aside),
    on(FollowUpMissed, raise_alarm_on_follow_up_missed),
    on(AccidentShared, alarm_further_desk_on_accident_shared),
    on(AccidentPlaced, inform_the_told_on_accident_placed),
    on(AccidentMerged, inform_the_told_on_accident_merged),
    on(AccidentsLikened, inform_deciding_desk_on_accidents_likened),
    on(PublicReportReceived, call_the_desk_on_public_report_received),
    on(PublicReportOverdue, raise_alarm_on_public_report_overdue),
    on(ReportSetAside, raise_alarm_on_report_set_aside, urgent=True),
    on(LeadUnmatched, raise_alarm_on_lead_unmatched),
    on(LeadOverdue, raise_alarm_on_lead_overdue),
    on(LeadSettled, inform_the_told_on_lead_settled),
    on(EntryOverdue, raise_alarm_on_entry_overdue),
    *SUPERVISIONS,
    *REVIEWS,
    *(on(event, queue_webhooks_on_accident_fact) for event in OFFERED),
)
