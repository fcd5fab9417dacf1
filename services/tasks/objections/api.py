"""The HTTP face of objections."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.objections import operations, queries
from services.tasks.objections.schemas import NewObjection, ObjectionView, ReplyBody, RulingBody
from services.tasks.objections.tables import Objection
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/objections", "objections")


@router.get("", response_model=Page[ObjectionView], responses=exports.RESPONSES)
@act(OrderAct.READ_ORDERS)
async def list_objections(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.OBJECTIONS.asked)],
) -> Any:
    """The objections the actor's unit is a party to, and those of their subtree, newest first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=ObjectionView)


@router.post("/to/{dispatch_id}", status_code=201, response_model=ObjectionView)
@act(OrderAct.WORK_ORDER)
async def make(
    dispatch_id: UUID, body: NewObjection, session: Session, by: Actor, now: Now
) -> Objection:
    """Say that another unit has to handle what was sent."""
    return await operations.make(
        session, dispatch_id=dispatch_id, named=body.named, grounds=body.grounds, by=by, now=now
    )


@router.post("/{objection_id}/reply", response_model=ObjectionView)
@act(OrderAct.WORK_ORDER)
async def reply(
    objection_id: UUID, body: ReplyBody, session: Session, by: Actor, now: Now
) -> Objection:
    """Say what the unit that was named thinks of it."""
    return await operations.reply(
        session, objection_id=objection_id, text=body.reply, by=by, now=now
    )


@router.post("/{objection_id}/settle", response_model=ObjectionView)
@act(OrderAct.ARBITRATE_ORDER)
async def settle(
    objection_id: UUID, body: RulingBody, session: Session, by: Actor, now: Now
) -> Objection:
    """Settle who handles it."""
    return await operations.settle(
        session, objection_id=objection_id, to=body.to, ruling=body.ruling, by=by, now=now
    )
