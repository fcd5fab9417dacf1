"""The HTTP face of look-backs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.lookbacks import operations, queries
from services.incidents.lookbacks.schemas import LookbackView, Made
from services.incidents.lookbacks.tables import Lookback
from services.incidents.policies import Act

router = rooms("/incidents/lookbacks", "lookbacks")


@router.get("", response_model=Page[LookbackView], responses=exports.RESPONSES)
@act(Act.READ_TEAM)
async def list_lookbacks(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.LOOKBACKS.asked)],
) -> Any:
    """Look-backs in the actor's area, soonest due first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=LookbackView)


@router.post("/{lookback_id}/make", response_model=LookbackView)
@act(Act.EVALUATE)
async def make(lookback_id: UUID, body: Made, session: Session, by: Actor, now: Now) -> Lookback:
    """Say what the look-back showed."""
    return await operations.make(session, lookback_id=lookback_id, made=body, by=by, now=now)
