"""What every handling of an order does: move it, keep the step, start and stop its clocks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import OrderAnswered, OrderClosed, OrderOverdue, OrderUrged
from kernel import audit, timers
from kernel.access import SYSTEM, NotYours, Principal
from kernel.calendar import BeyondCalendar
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import holidays
from reference.terms import OrderClass, OrderStep
from services.tasks.orders import domain, queries, rules
from services.tasks.orders.domain import CalendarNotLoaded, OrderAction, OrderStatus
from services.tasks.orders.rules import Due
from services.tasks.orders.tables import Order, OrderEntry
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct

ENTITY = "work_order"
DISPATCH_DUE, CALLBACK_DUE = "order_dispatch_due", "order_callback_due"


def facts(order: Order) -> dict[str, Any]:
    """What every fact about an order says; never who called."""
    return {
        "order_id": order.id,
        "region_code": order.region_code,
        "hotline": order.hotline,
        "order_class": order.order_class,
        "matter": order.matter,
    }


@contextmanager
def known_days() -> Iterator[None]:
    """Refuse what would have to guess the holidays of a year to come."""
    try:
        yield
    except BeyondCalendar as beyond:
        raise CalendarNotLoaded(year=beyond.day.year) from beyond


def due(step: OrderStep, order_class: OrderClass, *, since: datetime) -> Due:
    """When a step that begins now is due; refused where that cannot be known yet."""
    with known_days():
        return rules.due(step, order_class, since=since, days_off=holidays.calendar())


def step_on(
    session: AsyncSession,
    order: Order,
    action: OrderAction,
    *,
    by: Principal,
    now: datetime,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Move an order, and keep who moved it, when and why."""
    order.status = str(domain.after(order.stands, action))
    keep(session, order, str(action), by=by, now=now, note=note, detail=detail)


def keep(
    session: AsyncSession,
    order: Order,
    action: str,
    *,
    by: Principal,
    now: datetime,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Keep a step in the order's story, whether it moved the order or not."""
    entry = OrderEntry(
        id=uuid7(),
        order_id=order.id,
        region_code=order.region_code,
        units=order.units,
        at=now,
        action=action,
        status=order.status,
        made_by=by.subject,
        unit=by.unit,
        note=note,
        detail=dict(detail or {}),
    )
    session.add(entry)
    audit.note(session, by=by, act=f"order.{action}", entity=ENTITY, entity_id=order.id)


async def owe_dispatch(session: AsyncSession, order: Order, *, now: datetime) -> None:
    """Nobody holds it: the desk has so long to find who does."""
    off = holidays.calendar()
    limit = rules.due_even_so(OrderStep.DISPATCH, order.of_class, since=now, days_off=off)
    order.dispatch_due_at, order.dispatch_overdue_at = limit.at, None
    await timers.arm(
        session, kind=DISPATCH_DUE, entity_id=str(order.id), due_at=limit.at, rule=limit.rule
    )


async def _answered(
    session: AsyncSession, order: Order, *, answer: str, verified: bool | None, now: datetime
) -> None:
    """It has its answer: the caller is visited by a day."""
    order.answer, order.verified, order.answered_at = answer, verified, now
    visit = due(OrderStep.CALLBACK, order.of_class, since=now)
    order.callback_due_at, order.callback_overdue_at = visit.at, None
    await timers.arm(
        session, kind=CALLBACK_DUE, entity_id=str(order.id), due_at=visit.at, rule=visit.rule
    )
    await timers.cancel(session, kind=DISPATCH_DUE, entity_id=str(order.id), now=now)
    publish(
        session,
        OrderAnswered(
            **facts(order), occurred_at=now, unit=order.lead or order.unit, verified=verified
        ),
    )


async def answer_all(
    session: AsyncSession,
    order: Order,
    *,
    text: str,
    verified: bool | None,
    by: Principal,
    now: datetime,
) -> None:
    """The order has its answer, and so has whatever was merged into it."""
    await _answered(session, order, answer=text, verified=verified, now=now)
    for joined in await queries.merged_into(session, order.id):
        step_on(session, joined, OrderAction.ANSWER, by=by, now=now, detail={"with": str(order.id)})
        await _answered(session, joined, answer=text, verified=verified, now=now)


async def answer_directly(
    session: AsyncSession, *, order_id: UUID, answer: str, by: Principal, now: datetime
) -> Order:
    """The desk knows the answer itself: nobody is sent anything."""
    order = await queries.get(session, order_id, lock=True)
    POLICIES.require(by, OrderAct.DISPATCH_ORDER, on=order, seen_by=OrderAct.READ_ORDERS)
    step_on(session, order, OrderAction.ANSWER_DIRECTLY, by=by, now=now, note=answer)
    await answer_all(session, order, text=answer, verified=None, by=by, now=now)
    return order


async def urge(
    session: AsyncSession, *, order_id: UUID, note: str, by: Principal, now: datetime
) -> Order:
    """Remind those who hold it; it is kept and counted, and moves no clock."""
    order = await queries.get(session, order_id, lock=True)
    POLICIES.require(by, OrderAct.URGE_ORDER, on=order, seen_by=OrderAct.READ_ORDERS)
    step_on(session, order, OrderAction.URGE, by=by, now=now, note=note)
    order.urged += 1
    publish(
        session,
        OrderUrged(
            **facts(order), occurred_at=now, unit=order.lead or order.unit, times=order.urged
        ),
    )
    return order


def refuse_another_line(order: Order, by: Principal) -> None:
    """A hotline's system visits and files only what it handed in itself."""
    if by.client and order.received_by != by.subject:
        raise NotYours


async def close(session: AsyncSession, *, order_id: UUID, by: Principal, now: datetime) -> Order:
    """The caller was visited: the order is filed away."""
    order = await queries.get(session, order_id, lock=True)
    POLICIES.require(by, OrderAct.VISIT_CALLER, on=order, seen_by=OrderAct.READ_ORDERS)
    refuse_another_line(order, by)
    step_on(session, order, OrderAction.CLOSE, by=by, now=now)
    order.closed_at = now
    publish(
        session,
        OrderClosed(
            **facts(order),
            occurred_at=now,
            unit=order.lead or order.unit,
            satisfied=order.satisfied,
            verified=order.verified,
        ),
    )
    return order


async def keep_outcome(
    session: AsyncSession, *, lead_id: UUID, confirmed: bool, now: datetime
) -> None:
    """Incidents has settled the sign of an accident that an order was; others are no order's."""
    order = await queries.of_lead(session, lead_id)
    if order is not None:
        outcome = {"confirmed": confirmed}
        keep(session, order, "lead_settled", by=SYSTEM, now=now, detail=outcome)


async def note_dispatch_overdue(session: AsyncSession, *, order_id: UUID, now: datetime) -> None:
    """The desk has not found in time who handles it: said once."""
    order = await queries.get(session, order_id, lock=True)
    if order.stands is not OrderStatus.RECEIVED or order.dispatch_overdue_at is not None:
        return
    order.dispatch_overdue_at = now
    tell_overdue(
        session, order, OrderStep.DISPATCH, unit=order.unit, due_at=order.dispatch_due_at, now=now
    )


async def note_callback_overdue(session: AsyncSession, *, order_id: UUID, now: datetime) -> None:
    """Nobody has asked the caller in time whether it helped: said once."""
    order = await queries.get(session, order_id, lock=True)
    waits = order.stands is OrderStatus.ANSWERED and order.callback_overdue_at is None
    if not waits or order.callback_due_at is None or now < order.callback_due_at:
        return
    order.callback_overdue_at = now
    tell_overdue(
        session, order, OrderStep.CALLBACK, unit=order.unit, due_at=order.callback_due_at, now=now
    )


def tell_overdue(
    session: AsyncSession,
    order: Order,
    step: OrderStep,
    *,
    unit: str,
    due_at: datetime,
    now: datetime,
) -> None:
    """Tell that a unit did not take a step in time."""
    publish(
        session,
        OrderOverdue(**facts(order), occurred_at=now, unit=unit, step=step, due_at=due_at),
    )
