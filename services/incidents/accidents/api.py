"""The HTTP face of accidents."""

from typing import Annotated, Any

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries
from services.incidents.accidents.schemas import AccidentView
from services.incidents.policies import Act
from services.incidents.readings import operations as readings

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


@router.get("/{accident_id}", response_model=AccidentView)
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> Accident:
    """One accident as it stands. A desk that opens it has read the report."""
    accident = await queries.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    await readings.stamp(session, accident=accident, by=by, now=now)
    return accident
