"""The HTTP face of return visits."""

from collections.abc import Sequence
from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.callbacks import operations, queries
from services.tasks.callbacks.schemas import CallbackView, NewCallback
from services.tasks.callbacks.tables import Callback
from services.tasks.orders import queries as orders
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/callbacks", "callbacks")


@router.post("/of/{order_id}", status_code=201, response_model=CallbackView)
@act(OrderAct.VISIT_CALLER)
async def make(
    order_id: UUID, body: NewCallback, session: Session, by: Actor, now: Now
) -> Callback:
    """Keep what the caller said of the answer. Not satisfied, it is handled again."""
    return await operations.make(
        session, order_id=order_id, result=body.result, note=body.note, by=by, now=now
    )


@router.get("/of/{order_id}", response_model=list[CallbackView])
@act(OrderAct.READ_ORDERS)
async def list_callbacks(order_id: UUID, session: Session, by: Actor) -> Sequence[Callback]:
    """Every return visit about an order, oldest first."""
    await orders.seen(session, order_id, by=by)
    return await queries.of_order(session, order_id)
