"""The HTTP face of committees. Translates; decides nothing."""

from typing import Annotated, Any

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from services.tasks.committees import operations, queries
from services.tasks.committees.schemas import Leaving, MemberView, NewSeat
from services.tasks.committees.tables import Membership
from services.tasks.policies import Act

router = rooms("/tasks/organisations/committees", "committees")


@router.get("/members", response_model=Page[MemberView], responses=exports.RESPONSES)
@act(Act.READ_UNITS)
async def list_members(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.MEMBERS.asked)],
    on: AsAt,
) -> Any:
    """Who sits on which committee on a day; as CSV or XLSX by `Accept`."""
    found = queries.members_at(on)
    return await exports.answer(request, session, found, asked, view=MemberView)


@router.post("/{committee}/members", status_code=201, response_model=MemberView)
@act(Act.CHANGE_ORGANISATION)
async def seat(committee: str, body: NewSeat, session: Session, by: Actor, now: Now) -> Membership:
    """Have a unit sit on a committee from a day on: it owes what its members owe from then."""
    return await operations.seat(session, committee=committee, stated=body, by=by, now=now)


@router.post("/{committee}/members/{unit}/leaving", response_model=MemberView)
@act(Act.CHANGE_ORGANISATION)
async def leave(
    committee: str, unit: str, body: Leaving, session: Session, by: Actor
) -> Membership:
    """Have a unit leave a committee after a day."""
    return await operations.leave(
        session, committee=committee, unit=unit, last_day=body.last_day, by=by
    )
