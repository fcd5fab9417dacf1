"""The HTTP face of accidents."""

from typing import Annotated, Any

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries
from services.incidents.accidents.schemas import AccidentView
from services.incidents.policies import Act

router = rooms("/incidents/accidents", "accidents")


@router.get("", response_model=Page[AccidentView], responses=exports.RESPONSES)
@act(Act.READ)
async def list_accidents(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.ACCIDENTS.asked)],
) -> Any:
    """The accidents of the actor's area, newest first; as CSV or XLSX by `Accept`."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=AccidentView)
