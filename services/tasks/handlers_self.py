"""What tasks does when it hears itself: duties that its own facts set off, verdicts in doubt."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationOverdue, PlanIssued
from contracts.tasks_scoring import (
    CardEnded,
    CardNoticed,
    CardProposed,
    RankingPublished,
    UnitsListed,
)
from kernel.inbox import on
from services.tasks.cards.domain import CardAction
from services.tasks.triggers import operations_own as own
from services.tasks.verdicts import operations as verdicts


async def account_for_delay_on_obligation_overdue(
    session: AsyncSession, event: ObligationOverdue
) -> None:
    """Whoever is late with a task of the plan is held to account, once for all of a day."""
    await own.account_for_delay(
        session,
        obligation_id=event.obligation_id,
        unit=event.unit,
        due_at=event.due_at,
        now=event.occurred_at,
    )


async def owe_warning_on_card_proposed(session: AsyncSession, event: CardProposed) -> None:
    """The office owes the unit a warning before the card."""
    await own.warn_of_card(
        session, card_id=event.card_id, office=event.office, now=event.occurred_at
    )


async def fulfil_warning_on_card_noticed(session: AsyncSession, event: CardNoticed) -> None:
    """The notice is the warning: that duty is done."""
    await own.warned_of_card(session, card_id=event.card_id, now=event.occurred_at)


async def release_duties_on_card_ended(session: AsyncSession, event: CardEnded) -> None:
    """What a card asked that was not to be is owed no more; what ran its time stands."""
    if event.how != CardAction.EXPIRE:
        await own.let_card_go(session, card_id=event.card_id, now=event.occurred_at)


async def owe_listing_on_units_listed(session: AsyncSession, event: UnitsListed) -> None:
    """The office manages every unit that was listed for a yellow card of last year."""
    await own.look_after_listed(session, year=event.year, now=event.occurred_at)


async def owe_listing_on_plan_issued(session: AsyncSession, event: PlanIssued) -> None:
    """A plan asks for units that were listed before it was issued, too."""
    await own.look_after_listed(session, year=event.year, now=event.occurred_at)


async def look_again_at_verdicts_on_ranking_published(
    session: AsyncSession, event: RankingPublished
) -> None:
    """A correction of a year's assessment may change what a unit was found to have failed by."""
    await verdicts.look_again(session, ranking_id=event.ranking_id, now=event.occurred_at)


SUBSCRIPTIONS = (
    on(ObligationOverdue, account_for_delay_on_obligation_overdue),
    on(CardProposed, owe_warning_on_card_proposed),
    on(CardNoticed, fulfil_warning_on_card_noticed),
    on(CardEnded, release_duties_on_card_ended),
    on(UnitsListed, owe_listing_on_units_listed),
    on(PlanIssued, owe_listing_on_plan_issued),
    on(RankingPublished, look_again_at_verdicts_on_ranking_published),
)
