"""The HTTP face of obligations. Translates; decides nothing."""

from typing import Annotated, Any

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.tasks.obligations import queries
from services.tasks.obligations.schemas import ObligationView
from services.tasks.policies import Act

router = rooms("/tasks/obligations", "obligations")


@router.get("", response_model=Page[ObligationView], responses=exports.RESPONSES)
@act(Act.READ_OBLIGATIONS)
async def list_obligations(
    request: Request,
    session: Session,
    actor: Actor,
    asked: Annotated[Asked, Depends(queries.OBLIGATIONS.asked)],
) -> Any:
    """What the actor's unit, enterprise or subtree has to do, by what is due first."""
    return await exports.answer(
        request, session, queries.reached_by(actor), asked, view=ObligationView
    )
