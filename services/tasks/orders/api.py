"""The HTTP face of orders."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.access import NotFound
from kernel.db import everywhere
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.orders import operations, queries
from services.tasks.orders.schemas import (
    OrderAnswerBody,
    OrderEntryView,
    OrderFollowed,
    OrderStory,
    OrderView,
    UrgeBody,
)
from services.tasks.orders.tables import Order
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/orders", "orders")


@router.get("", response_model=Page[OrderView], responses=exports.RESPONSES)
@act(OrderAct.READ_ORDERS)
async def list_orders(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.ORDERS.asked)],
) -> Any:
    """The orders of the actor's area or unit, newest first; as CSV or XLSX by `Accept`."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=OrderView)


@router.get("/{order_id}")
@act(OrderAct.READ_ORDERS)
async def read(order_id: UUID, session: Session, by: Actor) -> OrderStory:
    """One order with what was told and every step that was taken."""
    order = await queries.seen(session, order_id, by=by)
    shown = OrderView.model_validate(order).model_dump()
    # A step is kept for those who held the order then: whoever holds it now reads them all.
    async with everywhere(session):
        steps = await queries.entries(session, order_id)
    return OrderStory(
        **shown,
        place=order.place,
        account=order.account,
        lon=order.lon,
        lat=order.lat,
        happened_at=order.happened_at,
        answer=order.answer,
        caller_id=order.caller_id,
        lead_id=order.lead_id,
        proposal=order.proposal,
        entries=[OrderEntryView.model_validate(entry) for entry in steps],
    )


@router.get("/{order_id}/status", response_model=OrderFollowed)
@act(OrderAct.FOLLOW_ORDER)
async def follow(order_id: UUID, session: Session, by: Actor) -> Order:
    """Where an order stands, for the hotline that handed it in."""
    order = await queries.get(session, order_id)
    POLICIES.require(by, OrderAct.FOLLOW_ORDER, on=order, seen_by=OrderAct.FOLLOW_ORDER)
    if order.received_by != by.subject:
        raise NotFound
    return order


@router.post("/{order_id}/answer", response_model=OrderView)
@act(OrderAct.DISPATCH_ORDER)
async def answer_directly(
    order_id: UUID, body: OrderAnswerBody, session: Session, by: Actor, now: Now
) -> Order:
    """Answer at the desk: nobody is sent anything."""
    return await operations.answer_directly(
        session, order_id=order_id, answer=body.answer, by=by, now=now
    )


@router.post("/{order_id}/urge", response_model=OrderView)
@act(OrderAct.URGE_ORDER)
async def urge(order_id: UUID, body: UrgeBody, session: Session, by: Actor, now: Now) -> Order:
    """Remind those who hold it."""
    return await operations.urge(session, order_id=order_id, note=body.note, by=by, now=now)


@router.post("/{order_id}/close", response_model=OrderView)
@act(OrderAct.VISIT_CALLER)
async def close(order_id: UUID, session: Session, by: Actor, now: Now) -> Order:
    """File away an order whose caller was visited."""
    return await operations.close(session, order_id=order_id, by=by, now=now)
