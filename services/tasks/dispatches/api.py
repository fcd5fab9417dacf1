"""The HTTP face of dispatches: what the desk sends, and what units do with it."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.dispatches import operations, operations_sending, queries
from services.tasks.dispatches.schemas import (
    Addressees,
    AnswerBody,
    DispatchDetail,
    DispatchView,
    RemarkBody,
    ReturnBody,
)
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders import queries as orders
from services.tasks.orders.schemas import OrderView
from services.tasks.orders.tables import Order
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/dispatches", "dispatches")


@router.post("/of/{order_id}", status_code=201, response_model=OrderView)
@act(OrderAct.DISPATCH_ORDER)
async def dispatch(
    order_id: UUID, body: Addressees, session: Session, by: Actor, now: Now
) -> Order:
    """Send an order to its units. For one that came back this accepts the return."""
    return await operations_sending.dispatch(session, order_id=order_id, to=body, by=by, now=now)


@router.get("/of/{order_id}", response_model=list[DispatchDetail])
@act(OrderAct.READ_ORDERS)
async def list_parts(order_id: UUID, session: Session, by: Actor) -> Sequence[Dispatch]:
    """Every part of an order that there ever was, oldest first."""
    await orders.seen(session, order_id, by=by)
    return await queries.of_order(session, order_id)


@router.get("", response_model=Page[DispatchView], responses=exports.RESPONSES)
@act(OrderAct.READ_ORDERS)
async def list_dispatches(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.DISPATCHES.asked)],
) -> Any:
    """What units hold and held, by what is due first; as CSV or XLSX by `Accept`."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=DispatchView)


@router.post("/{dispatch_id}/sign", response_model=DispatchView)
@act(OrderAct.WORK_ORDER)
async def sign(dispatch_id: UUID, session: Session, by: Actor, now: Now) -> Dispatch:
    """Sign for a part."""
    return await operations.sign(session, dispatch_id=dispatch_id, by=by, now=now)


@router.post("/{dispatch_id}/handle", response_model=DispatchView)
@act(OrderAct.WORK_ORDER)
async def handle(dispatch_id: UUID, session: Session, by: Actor, now: Now) -> Dispatch:
    """Begin to handle a part that was signed for."""
    return await operations.handle(session, dispatch_id=dispatch_id, by=by, now=now)


@router.post("/{dispatch_id}/answer", response_model=DispatchView)
@act(OrderAct.WORK_ORDER)
async def answer(
    dispatch_id: UUID, body: AnswerBody, session: Session, by: Actor, now: Now
) -> Dispatch:
    """Answer a part; the lead's answer is the order's."""
    return await operations.answer(
        session, dispatch_id=dispatch_id, text=body.answer, verified=body.verified, by=by, now=now
    )


@router.post("/{dispatch_id}/return", response_model=DispatchView)
@act(OrderAct.WORK_ORDER)
async def send_back(
    dispatch_id: UUID, body: ReturnBody, session: Session, by: Actor, now: Now
) -> Dispatch:
    """Send a part back within the limit, with the reason."""
    return await operations.send_back(
        session, dispatch_id=dispatch_id, reason=body.reason, note=body.note, by=by, now=now
    )


@router.post("/{dispatch_id}/refuse-return", response_model=DispatchView)
@act(OrderAct.DISPATCH_ORDER)
async def refuse_return(
    dispatch_id: UUID, body: RemarkBody, session: Session, by: Actor, now: Now
) -> Dispatch:
    """Say that it is this unit's after all."""
    return await operations.refuse_return(
        session, dispatch_id=dispatch_id, note=body.note, by=by, now=now
    )


@router.post("/{dispatch_id}/accept-return", response_model=DispatchView)
@act(OrderAct.DISPATCH_ORDER)
async def accept_return(
    dispatch_id: UUID, body: RemarkBody, session: Session, by: Actor, now: Now
) -> Dispatch:
    """Free a supporting unit of its part. A lead's return is accepted by sending it elsewhere."""
    return await operations.accept_part_return(
        session, dispatch_id=dispatch_id, note=body.note, by=by, now=now
    )
