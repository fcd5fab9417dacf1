"""The HTTP face of callers."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.sealed import RevealAction
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.callers import operations, queries
from services.tasks.callers.schemas import (
    CallerRevealView,
    LookView,
    MaskedCaller,
    NewCallerReveal,
    OpenCaller,
)
from services.tasks.callers.tables import Caller, CallerLook, CallerReveal
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/callers", "callers")


@router.get("/reveals", response_model=Page[CallerRevealView], responses=exports.RESPONSES)
@act(OrderAct.REVEAL_CALLER)
async def list_reveals(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.REVEALS.asked)],
) -> Any:
    """The requests to see callers of the actor's area, newest first; never who they are."""
    return await exports.answer(
        request, session, queries.reveals_reached_by(by), asked, view=CallerRevealView
    )


@router.get("/{caller_id}")
@act(OrderAct.SEE_CALLER)
async def read_masked(caller_id: UUID, session: Session, by: Actor, now: Now) -> MaskedCaller:
    """A caller, masked; that somebody looked is kept."""
    caller = await operations.look_masked(session, caller_id=caller_id, by=by, now=now)
    return MaskedCaller.of(caller)


@router.get("/{caller_id}/looks", response_model=list[LookView])
@act(OrderAct.READ_CALLER_LOOKS)
async def list_looks(caller_id: UUID, session: Session, by: Actor) -> Sequence[CallerLook]:
    """Who has looked at a caller, and when."""
    return await operations.looks(session, caller_id=caller_id, by=by)


@router.post("/{caller_id}/reveals", status_code=201, response_model=CallerRevealView)
@act(OrderAct.SEE_CALLER)
async def ask(
    caller_id: UUID, body: NewCallerReveal, session: Session, by: Actor, now: Now
) -> CallerReveal:
    """Ask to see a caller in full; somebody else decides."""
    return await operations.ask(session, caller_id=caller_id, reason=body.reason, by=by, now=now)


@router.post("/reveals/{reveal_id}/approve", response_model=CallerRevealView)
@act(OrderAct.REVEAL_CALLER)
async def approve(reveal_id: UUID, session: Session, by: Actor, now: Now) -> CallerReveal:
    """Agree that the one who asked may see the caller."""
    return await operations.decide(
        session, reveal_id=reveal_id, action=RevealAction.APPROVE, by=by, now=now
    )


@router.post("/reveals/{reveal_id}/refuse", response_model=CallerRevealView)
@act(OrderAct.REVEAL_CALLER)
async def refuse(reveal_id: UUID, session: Session, by: Actor, now: Now) -> CallerReveal:
    """Refuse a request; the caller stays sealed."""
    return await operations.decide(
        session, reveal_id=reveal_id, action=RevealAction.REFUSE, by=by, now=now
    )


@router.get("/reveals/{reveal_id}", response_model=OpenCaller)
@act(OrderAct.SEE_CALLER)
async def look(reveal_id: UUID, session: Session, by: Actor, now: Now) -> Caller:
    """The caller in full, for the one whose request was approved."""
    return await operations.look(session, reveal_id=reveal_id, by=by, now=now)
