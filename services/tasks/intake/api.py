"""The HTTP face of taking orders in."""

from uuid import UUID

from fastapi import Response

from kernel.transactions import Actor, Now, Session, act, keyed_by
from kernel.web import rooms
from services.tasks.intake import operations
from services.tasks.intake.schemas import NewOrder, OrderTaken, SafetyBody
from services.tasks.orders.schemas import OrderView
from services.tasks.orders.tables import Order
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/orders", "orders")


@router.post("", status_code=201)
@act(OrderAct.TAKE_ORDER)
@keyed_by("order_id")
async def take_in(
    body: NewOrder, session: Session, by: Actor, now: Now, response: Response
) -> OrderTaken:
    """Hand in an order. Sent again under the same number it is answered with the same order.

    A number that stands for an order which says something else is refused with what differs.
    """
    order, again = await operations.take_in(session, stated=body, by=by, now=now)
    if again:
        response.status_code = 200
    return OrderTaken(id=order.id, number=order.number, status=order.status, again=again)


@router.post("/{order_id}/safety", response_model=OrderView)
@act(OrderAct.TELL_SAFETY)
async def tell_safety(
    order_id: UUID, body: SafetyBody, session: Session, by: Actor, now: Now
) -> Order:
    """Say that an order speaks of a danger or of deaths: it is told where that is looked into."""
    return await operations.tell_later(
        session,
        order_id=order_id,
        hazard=body.hazard,
        deaths=body.deaths_alleged,
        note=body.note,
        by=by,
        now=now,
    )
