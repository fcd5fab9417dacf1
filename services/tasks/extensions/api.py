"""The HTTP face of extensions."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.extensions import operations, queries
from services.tasks.extensions.domain import ExtensionAction
from services.tasks.extensions.schemas import ExtensionRemark, NewExtension, OrderExtensionView
from services.tasks.extensions.tables import OrderExtension
from services.tasks.orders import queries as orders
from services.tasks.policies_orders import OrderAct

router = rooms("/tasks/order-extensions", "order-extensions")


@router.post("/for/{dispatch_id}", status_code=201, response_model=OrderExtensionView)
@act(OrderAct.WORK_ORDER)
async def ask(
    dispatch_id: UUID, body: NewExtension, session: Session, by: Actor, now: Now
) -> OrderExtension:
    """Ask for more time before the time is up."""
    return await operations.ask(
        session, dispatch_id=dispatch_id, days=body.days, reason=body.reason, by=by, now=now
    )


@router.get("", response_model=Page[OrderExtensionView], responses=exports.RESPONSES)
@act(OrderAct.READ_ORDERS)
async def list_all(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.EXTENSIONS.asked)],
) -> Any:
    """The requests of the actor's unit or area, newest first; as CSV or XLSX by `Accept`."""
    return await exports.answer(
        request, session, queries.reached_by(by), asked, view=OrderExtensionView
    )


@router.get("/of/{order_id}", response_model=list[OrderExtensionView])
@act(OrderAct.READ_ORDERS)
async def list_extensions(order_id: UUID, session: Session, by: Actor) -> Sequence[OrderExtension]:
    """Every request about an order, oldest first."""
    await orders.seen(session, order_id, by=by)
    return await queries.of_order(session, order_id)


@router.post("/{extension_id}/approve", response_model=OrderExtensionView)
@act(OrderAct.DECIDE_EXTENSION)
async def approve(
    extension_id: UUID, body: ExtensionRemark, session: Session, by: Actor, now: Now
) -> OrderExtension:
    """Give the time asked for."""
    return await operations.decide(
        session,
        extension_id=extension_id,
        action=ExtensionAction.APPROVE,
        remark=body.remark,
        by=by,
        now=now,
    )


@router.post("/{extension_id}/refuse", response_model=OrderExtensionView)
@act(OrderAct.DECIDE_EXTENSION)
async def refuse(
    extension_id: UUID, body: ExtensionRemark, session: Session, by: Actor, now: Now
) -> OrderExtension:
    """Refuse it."""
    return await operations.decide(
        session,
        extension_id=extension_id,
        action=ExtensionAction.REFUSE,
        remark=body.remark,
        by=by,
        now=now,
    )
