"""What tasks does when a deadline passes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import SYSTEM
from kernel.timers import Timer, when
from services.tasks.appeals import operations_deciding as appeals
from services.tasks.appeals import operations_parts as part_appeals
from services.tasks.cards import operations_listing as listing
from services.tasks.cards import operations_steps as cards
from services.tasks.digests import operations as digests
from services.tasks.digests import operations_clocks as mornings
from services.tasks.digests import operations_enterprises as enterprise_digests
from services.tasks.dispatches import operations_deciding as returns
from services.tasks.dispatches import operations_heirs as dispatches_inheritance
from services.tasks.dispatches import operations_overdue as dispatches
from services.tasks.dispatches import operations_sending as sending
from services.tasks.evidence import operations_counts as counts
from services.tasks.extensions import operations_deciding as reviewing
from services.tasks.figures import operations as figures
from services.tasks.figures import operations_bases as bases
from services.tasks.inheritances import operations as inheritance
from services.tasks.measures import operations as measures
from services.tasks.objections import operations as objections
from services.tasks.objections import operations_deciding as arbitration
from services.tasks.obligations import operations, queries
from services.tasks.openings import operations as openings
from services.tasks.openings import operations_newcomers as newcomers
from services.tasks.orders import operations as orders
from services.tasks.orders import operations_deciding as deciding
from services.tasks.organisations.operations import CHANGE_DUE, ROLL_CHANGES
from services.tasks.parts import operations_heirs as parts
from services.tasks.parts import operations_objecting as objecting
from services.tasks.parts import operations_opening as sharing
from services.tasks.rankings import operations as rankings
from services.tasks.releases import operations as releases
from services.tasks.scoreobjections import operations as scoreobjections
from services.tasks.scores import operations_recount as recounts
from services.tasks.scores import operations_runs as runs
from services.tasks.scores.domain import RunStatus
from services.tasks.successions import operations_telling as telling
from services.tasks.successions.operations import INHERITANCE_DUE
from services.tasks.supervisionanswers import operations_interviews as interviews
from services.tasks.supervisionclimbs import operations as climbs
from services.tasks.supervisions import operations as supervisions
from services.tasks.supervisions import operations_inheritance as supervisions_inheritance


async def note_overdue_when_obligation_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A subject that has not done it by the deadline is overdue, and so is who holds it up."""
    row = await queries.get(session, UUID(timer.entity_id), lock=True)
    if counts.decides(row):
        operations.note_overdue(session, row, now=now)
    else:
        await measures.settle_late(session, obligation_id=row.id, now=now)
    if row.parts_open:
        await sharing.tell_late(session, row, now=now)


async def note_overdue_when_part_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """The time that a part was given beyond its whole is over."""
    await objecting.note_overdue(session, part_id=UUID(timer.entity_id), now=now)


async def open_some_when_duty_period_begins(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A duty is owed from now on: it is opened for everybody whom it means, some at a time."""
    await openings.open_some(session, opening_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_duty_period_ends(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """The time of a duty is over: whoever has not done it is overdue."""
    await openings.end_some(session, opening_id=UUID(timer.entity_id), now=now)


async def tell_change_when_it_takes_effect(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit that was changed ahead is told as it is from today on."""
    unit, _, day = timer.entity_id.partition("@")
    await telling.tell_change(session, unit=unit, on=date.fromisoformat(day), now=now)


async def ask_units_when_the_roll_changes(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever is there, or sits on a committee, from today on owes what is running."""
    day, _, _ = timer.entity_id.partition("@")
    await newcomers.units_owe_from_now(session, since=date.fromisoformat(day), now=now)


async def hand_obligations_over_when_unit_ended(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What a unit that is no more owed is its heir's from today on; orders of both sorts too."""
    await inheritance.hand_over(session, unit=timer.entity_id, now=now)
    await supervisions_inheritance.hand_over(session, unit=timer.entity_id, now=now)
    await parts.hand_over(session, unit=timer.entity_id, now=now)
    await part_appeals.hand_over(session, now=now)
    await dispatches_inheritance.hand_over(session, unit=timer.entity_id, now=now)
    await objections.hand_over(session, unit=timer.entity_id, now=now)
    for decisions in (returns, arbitration, reviewing):
        await decisions.pass_on(session, unit=timer.entity_id, now=now)


async def note_overdue_when_order_dispatch_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A desk that has not found who handles an order is overdue."""
    await orders.note_dispatch_overdue(session, order_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_order_callback_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A caller whom nobody has asked whether it helped is owed a return visit."""
    await orders.note_callback_overdue(session, order_id=UUID(timer.entity_id), now=now)


async def note_unsigned_when_order_sign_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit that has not signed for an order is overdue."""
    await dispatches.note_unsigned(session, dispatch_id=UUID(timer.entity_id), now=now)


async def warn_when_order_handling_ends_soon(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit whose time ends soon is warned."""
    await dispatches.warn(session, dispatch_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_order_handling_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever holds an order whose time is up is overdue."""
    await dispatches.note_overdue(session, dispatch_id=UUID(timer.entity_id), now=now)


async def note_undecided_when_order_return_decision_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever has not decided on what a unit sent back is overdue."""
    part = UUID(timer.entity_id)
    await returns.note_undecided(session, dispatch_id=part, due_at=timer.due_at, now=now)


async def note_undecided_when_order_arbitration_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever has not arbitrated what a unit objected to is overdue."""
    objection = UUID(timer.entity_id)
    await arbitration.note_undecided(session, objection_id=objection, due_at=timer.due_at, now=now)


async def note_undecided_when_order_extension_decision_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever has not decided on a request for more time is overdue."""
    request = UUID(timer.entity_id)
    await reviewing.note_undecided(session, extension_id=request, due_at=timer.due_at, now=now)


async def note_unreceived_when_supervision_receipt_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An addressee that has not signed for a supervisory order is overdue."""
    await climbs.note_unreceived(session, receipt_id=UUID(timer.entity_id), now=now)


async def warn_when_supervision_answer_due_soon(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever owes an answer is warned."""
    await climbs.warn(session, supervision_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_supervision_answer_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever has not answered a supervisory order is overdue."""
    await climbs.note_unanswered(session, supervision_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_supervision_acceptance_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An issuer that has not examined an answer is overdue."""
    await climbs.note_unjudged(session, supervision_id=UUID(timer.entity_id), now=now)


async def climb_when_supervision_stays_unanswered(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """The line above is told, and what follows is issued or proposed."""
    await climbs.climb(session, supervision_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_commitment_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What was promised in an interview is not shown to be kept."""
    await interviews.note_overdue(session, commitment_id=UUID(timer.entity_id), now=now)


async def compute_scores_when_period_ended(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A week, half month, month, quarter or year is over: its scores are computed."""
    await runs.compute_ended(session, named=timer.entity_id, now=now)


async def go_on_when_score_piece_due(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """A run has more subjects; once it has none, its rankings are drafted."""
    run_id = UUID(timer.entity_id.partition("@")[0])
    run = await runs.go_on(session, run_id=run_id, now=now)
    if run.status == RunStatus.DONE:
        await rankings.draft_all(session, period=run.period, now=now)


async def count_scores_anew_when_ordered(session: AsyncSession, timer: Timer, _: datetime) -> None:
    """An office wants the sums of a year built anew."""
    await recounts.count_year_anew(session, year=int(timer.entity_id))


async def note_unruled_when_score_ruling_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An office that has not ruled on an objection to a score is overdue."""
    await scoreobjections.note_unruled(session, objection_id=UUID(timer.entity_id), now=now)


async def note_undecided_when_appeal_decision_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """An office that has not decided on an objection to a duty is overdue."""
    await appeals.note_undecided(session, appeal_id=UUID(timer.entity_id), now=now)


async def end_card_when_its_time_is_over(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What a card bars is barred no longer."""
    await cards.let_run_out(session, card_id=UUID(timer.entity_id), now=now)


async def note_silence_when_card_reply_is_over(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Who has not replied to the notice by now is decided on without."""
    await cards.note_silence(session, card_id=UUID(timer.entity_id), now=now)


async def list_units_when_year_begins(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """Who has a card of the year before is listed from the first of January on."""
    await listing.open_year(session, year=int(timer.entity_id), now=now)


async def settle_when_figure_is_accepted_late(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What was not known when its period ended closes the obligation that it is of."""
    await measures.settle_late(session, obligation_id=UUID(timer.entity_id), now=now)


async def freeze_base_when_year_begins(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """What the year before had is what this year's reductions are measured from."""
    await bases.freeze_when_due(session, year=int(timer.entity_id), by=SYSTEM, now=now)
    await bases.arm_freezing(session, now=now)


async def release_more_when_accident_is_struck_off(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What an accident asked of everybody that is none ends, some at a time."""
    await releases.release_some(session, accident_id=UUID(timer.entity_id), now=now)


async def resume_more_when_accident_stands_again(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What an accident asked of everybody that is one after all is owed again."""
    await releases.resume_some(session, accident_id=UUID(timer.entity_id), now=now)


async def tell_digests_when_morning_comes(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Each unit hears once a working day what it owes."""
    await digests.tell(session, entity_id=timer.entity_id, now=now)


async def tell_enterprise_digests_when_morning_comes(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Each enterprise hears once a working day what it owes, some at a time."""
    await enterprise_digests.tell(session, entity_id=timer.entity_id, now=now)


TIMERS = (
    when(cards.EFFECT_OVER, end_card_when_its_time_is_over),
    when(cards.REPLY_OVER, note_silence_when_card_reply_is_over),
    when(listing.LISTING_DUE, list_units_when_year_begins),
    when(runs.PERIOD_DUE, compute_scores_when_period_ended),
    when(runs.PIECE_DUE, go_on_when_score_piece_due),
    when(recounts.RECOUNT_DUE, count_scores_anew_when_ordered),
    when(appeals.DECISION_DUE, note_undecided_when_appeal_decision_due),
    when(scoreobjections.RULING_DUE, note_unruled_when_score_ruling_due),
    when(releases.RELEASE_DUE, release_more_when_accident_is_struck_off),
    when(releases.RESUME_DUE, resume_more_when_accident_stands_again),
    when(mornings.DIGEST_DUE, tell_digests_when_morning_comes),
    when(mornings.ENTERPRISE_DIGEST_DUE, tell_enterprise_digests_when_morning_comes),
    when(figures.SETTLING_DUE, settle_when_figure_is_accepted_late),
    when(bases.BASE_DUE, freeze_base_when_year_begins),
    when(CHANGE_DUE, tell_change_when_it_takes_effect),
    when(ROLL_CHANGES, ask_units_when_the_roll_changes),
    when(INHERITANCE_DUE, hand_obligations_over_when_unit_ended),
    when(openings.BEGINS, open_some_when_duty_period_begins),
    when(openings.ENDS, note_overdue_when_duty_period_ends),
    when(operations.DUE, note_overdue_when_obligation_due),
    when(objecting.PART_DUE, note_overdue_when_part_due),
    when(orders.DISPATCH_DUE, note_overdue_when_order_dispatch_due),
    when(orders.CALLBACK_DUE, note_overdue_when_order_callback_due),
    when(sending.SIGN_DUE, note_unsigned_when_order_sign_due),
    when(sending.HANDLE_WARNING, warn_when_order_handling_ends_soon),
    when(sending.HANDLE_DUE, note_overdue_when_order_handling_due),
    when(deciding.RETURN_DECISION_DUE, note_undecided_when_order_return_decision_due),
    when(deciding.ARBITRATION_DUE, note_undecided_when_order_arbitration_due),
    when(deciding.EXTENSION_DECISION_DUE, note_undecided_when_order_extension_decision_due),
    when(supervisions.RECEIPT_DUE, note_unreceived_when_supervision_receipt_due),
    when(supervisions.ANSWER_WARNING, warn_when_supervision_answer_due_soon),
    when(supervisions.ANSWER_DUE, note_overdue_when_supervision_answer_due),
    when(supervisions.ACCEPTANCE_DUE, note_overdue_when_supervision_acceptance_due),
    when(supervisions.CLIMB_DUE, climb_when_supervision_stays_unanswered),
    when(supervisions.COMMITMENT_DUE, note_overdue_when_commitment_due),
)
