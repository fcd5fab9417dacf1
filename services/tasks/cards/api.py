"""The HTTP face of cards."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.cards import operations_steps as steps
from services.tasks.cards import queries
from services.tasks.cards.schemas import (
    CardDetail,
    CardReply,
    CardView,
    Grounds,
    ListedView,
    Notice,
    StepView,
)
from services.tasks.cards.tables import CardRow
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct

router = rooms("/tasks/cards", "cards")


@router.get("", response_model=Page[CardView], responses=exports.RESPONSES)
@act(ScoreAct.READ_CARDS)
async def list_cards(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.CARDS.asked)],
) -> Any:
    """The cards of the actor's unit and subtree, newest first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=CardView)


@router.get("/listed", response_model=Page[ListedView], responses=exports.RESPONSES)
@act(ScoreAct.READ_LISTED)
async def list_listed(
    request: Request, session: Session, asked: Annotated[Asked, Depends(queries.LISTED.asked)]
) -> Any:
    """The units that are listed in a year because of a card of the year before."""
    return await exports.answer(request, session, queries.every_listed(), asked, view=ListedView)


@router.get("/{card_id}", response_model=CardDetail)
@act(ScoreAct.READ_CARDS)
async def read(card_id: UUID, session: Session, by: Actor) -> CardDetail:
    """A card with every step taken."""
    row = await queries.get(session, card_id)
    POLICIES.require(by, ScoreAct.READ_CARDS, on=row, seen_by=ScoreAct.READ_CARDS)
    taken = await queries.entries(session, card_id)
    shown = CardView.model_validate(row).model_dump()
    said = {"reply": row.reply, "grounds": row.grounds}
    return CardDetail(**shown, **said, steps=[StepView.model_validate(one) for one in taken])


@router.post("/{card_id}/notify", response_model=CardView)
@act(ScoreAct.NOTIFY_CARD)
async def notify(card_id: UUID, body: Notice, session: Session, by: Actor, now: Now) -> CardRow:
    """Give the unit notice; it may reply within some working days."""
    return await steps.notify(
        session,
        card_id=card_id,
        note=body.note,
        threshold_confirmed=body.threshold_confirmed,
        by=by,
        now=now,
    )


@router.post("/{card_id}/reply", response_model=CardView)
@act(ScoreAct.REPLY_TO_CARD)
async def reply(card_id: UUID, body: CardReply, session: Session, by: Actor, now: Now) -> CardRow:
    """The unit says what it thinks of it."""
    return await steps.reply(session, card_id=card_id, text=body.reply, by=by, now=now)


@router.post("/{card_id}/impose", response_model=CardView)
@act(ScoreAct.DECIDE_CARD)
async def impose(card_id: UUID, body: Grounds, session: Session, by: Actor, now: Now) -> CardRow:
    """Decide that the unit has the card; it is in effect from today."""
    return await steps.impose(session, card_id=card_id, grounds=body.grounds, by=by, now=now)


@router.post("/{card_id}/decline", response_model=CardView)
@act(ScoreAct.DECIDE_CARD)
async def decline(card_id: UUID, body: Grounds, session: Session, by: Actor, now: Now) -> CardRow:
    """Decide that the unit has no card."""
    return await steps.decline(session, card_id=card_id, grounds=body.grounds, by=by, now=now)


@router.post("/{card_id}/confirm", response_model=CardView)
@act(ScoreAct.DECIDE_CARD)
async def confirm(card_id: UUID, body: Grounds, session: Session, by: Actor, now: Now) -> CardRow:
    """A card that was to be looked at again stays."""
    return await steps.confirm(session, card_id=card_id, grounds=body.grounds, by=by, now=now)


@router.post("/{card_id}/lift", response_model=CardView)
@act(ScoreAct.DECIDE_CARD)
async def lift(card_id: UUID, body: Grounds, session: Session, by: Actor, now: Now) -> CardRow:
    """Lift a card before its time is over."""
    return await steps.lift(session, card_id=card_id, grounds=body.grounds, by=by, now=now)
