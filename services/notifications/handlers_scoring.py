"""What this service does when tasks tells of rankings, cards and objections to scores."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_scoring import (
    CardDecisionDue,
    CardEnded,
    CardIssued,
    CardNoticed,
    CardProposed,
    CardReviewNeeded,
    RankingPublished,
    ScoreObjected,
    ScoreRuledOn,
    ScoreRulingOverdue,
    UnitsListed,
)
from kernel.inbox import on
from services.notifications.telling import alarm, inform


async def inform_committee_office_on_card_proposed(
    session: AsyncSession, event: CardProposed
) -> None:
    """The office decides whether notice is given."""
    await inform(session, event, to=[event.office])


async def inform_unit_on_card_noticed(session: AsyncSession, event: CardNoticed) -> None:
    """The unit may reply."""
    await inform(session, event, to=[event.unit])


async def raise_alarm_on_card_issued(session: AsyncSession, event: CardIssued) -> None:
    """The heads of the unit and of the office have to know."""
    await alarm(session, event)


async def inform_committee_office_on_card_review_needed(
    session: AsyncSession, event: CardReviewNeeded
) -> None:
    """The office confirms the card or lifts it."""
    await inform(session, event, to=[event.office])


async def inform_units_on_units_listed(session: AsyncSession, event: UnitsListed) -> None:
    """Whoever is listed hears it, and so does whom they report to; each once."""
    await inform(session, event, to=[*event.units, *event.superiors])


async def raise_alarm_on_ranking_published(session: AsyncSession, event: RankingPublished) -> None:
    """The office knows that objections may come."""
    await alarm(session, event)


async def inform_committee_office_on_card_decision_due(
    session: AsyncSession, event: CardDecisionDue
) -> None:
    """The unit has had its say, or let the time for it go by."""
    await inform(session, event, to=[event.office])


async def inform_unit_on_card_ended(session: AsyncSession, event: CardEnded) -> None:
    """Whoever was given notice hears what became of it."""
    if event.noticed:
        await inform(session, event, to=[event.unit])


async def inform_committee_office_on_score_objected(
    session: AsyncSession, event: ScoreObjected
) -> None:
    """The office rules on it."""
    await inform(session, event, to=[event.office])


async def raise_alarm_on_score_ruling_overdue(
    session: AsyncSession, event: ScoreRulingOverdue
) -> None:
    """The office that rules and the committee above it have to know."""
    await alarm(session, event)


async def inform_unit_on_score_ruled_on(session: AsyncSession, event: ScoreRuledOn) -> None:
    """Whoever objected hears the ruling."""
    await inform(session, event, to=[event.unit])


SCORING = (
    on(CardProposed, inform_committee_office_on_card_proposed),
    on(CardNoticed, inform_unit_on_card_noticed),
    on(CardDecisionDue, inform_committee_office_on_card_decision_due),
    on(CardIssued, raise_alarm_on_card_issued),
    on(CardReviewNeeded, inform_committee_office_on_card_review_needed),
    on(CardEnded, inform_unit_on_card_ended),
    on(UnitsListed, inform_units_on_units_listed),
    on(RankingPublished, raise_alarm_on_ranking_published),
    on(ScoreObjected, inform_committee_office_on_score_objected),
    on(ScoreRulingOverdue, raise_alarm_on_score_ruling_overdue),
    on(ScoreRuledOn, inform_unit_on_score_ruled_on),
)
