"""What incidents does when a deadline passes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import SYSTEM
from kernel.timers import Timer, when
from reference.terms import LeadStep
from services.incidents.bystanders import operations as bystanders
from services.incidents.climbs import operations_listing as lists
from services.incidents.climbs.domain import SUPERVISION_DUE
from services.incidents.clocks import operations as clocks
from services.incidents.directreports import operations as direct_reports
from services.incidents.entries import operations as entries
from services.incidents.entries.domain import EntryStage
from services.incidents.evaluations import operations as evaluations
from services.incidents.investigations.domain import INVESTIGATION_DUE, INVESTIGATION_WARNING
from services.incidents.leads import operations as leads
from services.incidents.leads import operations_steps as lead_steps
from services.incidents.lookbacks import operations as lookbacks
from services.incidents.notices import operations as notices
from services.incidents.recommendations import operations as recommendations
from services.incidents.relays import operations as relays
from services.incidents.rescues import operations as rescues
from services.incidents.statistics import operations_bases as statistics
from services.incidents.statistics import operations_recount as recounts
from services.incidents.steps import operations as steps
from services.incidents.transfers import operations as transfers


async def mark_relay_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A hop should have been made by now."""
    await relays.mark_overdue(session, relay_id=UUID(timer.entity_id), now=now)


async def mark_notice_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A body should have been told by now."""
    await notices.mark_overdue(session, notice_id=UUID(timer.entity_id), now=now)


async def mark_direct_report_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit should have told the province itself by now."""
    await direct_reports.mark_overdue(session, direct_report_id=UUID(timer.entity_id), now=now)


async def mark_step_overdue_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A member should have finished a step by now."""
    await steps.mark_overdue(session, step_id=UUID(timer.entity_id), now=now)


async def mark_recommendation_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit should have proved by now what it did."""
    await recommendations.mark_overdue(session, recommendation_id=UUID(timer.entity_id), now=now)


async def mark_transfer_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A transfer should have gone one step on by now."""
    await transfers.mark_overdue(session, transfer_id=UUID(timer.entity_id), now=now)


async def open_evaluation_when_ten_months_passed(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """From now on it can be seen what the lessons were worth."""
    await evaluations.open_now(session, evaluation_id=UUID(timer.entity_id), now=now)


async def mark_evaluation_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A result should have been published by now."""
    await evaluations.mark_overdue(session, evaluation_id=UUID(timer.entity_id), now=now)


async def mark_lookback_overdue_when_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Somebody should have looked back by now."""
    await lookbacks.mark_overdue(session, lookback_id=UUID(timer.entity_id), now=now)


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


async def turn_follow_up_day_when_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A day of a rescue has ended."""
    await rescues.turn(session, day_id=UUID(timer.entity_id), now=now)


async def alarm_the_place_when_public_report_unchecked(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A desk should have looked into a report of the public by now."""
    await bystanders.mark_overdue(session, report_id=UUID(timer.entity_id), now=now)


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


async def count_year_anew_when_ordered(session: AsyncSession, timer: Timer, _: datetime) -> None:
    """An office wants the sums of a year built anew."""
    await recounts.count_year_anew(session, year=int(timer.entity_id))


TIMERS = (
    when(relays.RELAY_DUE, mark_relay_overdue_when_due),
    when(notices.NOTICE_DUE, mark_notice_overdue_when_due),
    when(direct_reports.DIRECT_REPORT_DUE, mark_direct_report_overdue_when_due),
    when(steps.STEP_DUE, mark_step_overdue_when_due),
    when(recommendations.RECOMMENDATION_DUE, mark_recommendation_overdue_when_due),
    when(transfers.TRANSFER_DUE, mark_transfer_overdue_when_due),
    when(evaluations.EVALUATION_OPENS, open_evaluation_when_ten_months_passed),
    when(evaluations.EVALUATION_DUE, mark_evaluation_overdue_when_due),
    when(lookbacks.LOOKBACK_DUE, mark_lookback_overdue_when_due),
    when(INVESTIGATION_DUE, mark_investigation_overdue_when_due),
    when(INVESTIGATION_WARNING, warn_of_investigation_when_soon_due),
    when(SUPERVISION_DUE, mark_supervision_overdue_when_due),
    when(rescues.FOLLOW_UP_DUE, turn_follow_up_day_when_due),
    when(bystanders.CHECK_DUE, alarm_the_place_when_public_report_unchecked),
    when(lead_steps.FIRST_CHECK_DUE, mark_first_check_overdue_when_due),
    when(lead_steps.RESULT_DUE, mark_lead_result_overdue_when_due),
    when(entries.ENTER_DUE, mark_entry_overdue_when_enter_due),
    when(entries.COMPLETE_DUE, mark_entry_overdue_when_complete_due),
    when(statistics.BASE_DUE, freeze_base_when_year_begins),
    when(recounts.RECOUNT_DUE, count_year_anew_when_ordered),
)
