"""Making a return visit: done with it, handled again, or a reward that is due."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import OrderRewardDue
from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import orders as pack
from reference.terms import OrderStep
from services.tasks.callbacks import rules
from services.tasks.callbacks.domain import AlreadyVisited, CallbackResult
from services.tasks.callbacks.tables import Callback
from services.tasks.dispatches import operations as dispatches
from services.tasks.orders import operations as steps
from services.tasks.orders import queries as orders
from services.tasks.orders.domain import OrderAction, OrderStatus
from services.tasks.orders.tables import Order
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct
from services.tasks.repeats import queries as repeats

_SAID = {CallbackResult.SATISFIED: True, CallbackResult.UNSATISFIED: False}
_CONCEALED = "concealed_accident"


async def make(
    session: AsyncSession,
    *,
    order_id: UUID,
    result: CallbackResult,
    note: str | None,
    by: Principal,
    now: datetime,
) -> Callback:
    """Keep what the caller said; who was not satisfied has it handled again."""
    order = await orders.get(session, order_id, lock=True)
    POLICIES.require(by, OrderAct.VISIT_CALLER, on=order, seen_by=OrderAct.READ_ORDERS)
    steps.refuse_another_line(order, by)
    if order.stands is not OrderStatus.ANSWERED:
        raise AlreadyVisited(order_status=order.status)
    row = pack.limit(OrderStep.REDO, order.of_class, on=calendar.day_of(now))
    again = rules.is_redone(row, satisfied=_SAID.get(result), redone=order.redone)
    visit = _visit(order, result, note, again=again, by=by, now=now)
    session.add(visit)
    order.satisfied, order.visited_at = _SAID.get(result), now
    await timers.cancel(session, kind=steps.CALLBACK_DUE, entity_id=str(order.id), now=now)
    if again:
        await _again(session, order, note=note, by=by, now=now)
    else:
        detail = {"result": str(result)}
        steps.step_on(session, order, OrderAction.VISIT, by=by, now=now, note=note, detail=detail)
        await _tell_reward(session, order, now=now)
    return visit


def _visit(
    order: Order,
    result: CallbackResult,
    note: str | None,
    *,
    again: bool,
    by: Principal,
    now: datetime,
) -> Callback:
    return Callback(
        id=uuid7(),
        order_id=order.id,
        region_code=order.region_code,
        units=order.units,
        unit=order.lead,
        round=order.redone + 1,
        result=str(result),
        note=note,
        made_at=now,
        made_by=by.subject,
        redone=again,
    )


async def _again(
    session: AsyncSession, order: Order, *, note: str | None, by: Principal, now: datetime
) -> None:
    """The unit that led handles it once more; where none did, the desk finds one."""
    order.redone += 1
    order.callback_due_at = None
    if order.lead is not None:
        steps.step_on(session, order, OrderAction.REDO, by=by, now=now, note=note)
        await dispatches.redo(session, order, by=by, now=now)
        return
    steps.step_on(session, order, OrderAction.REOPEN, by=by, now=now, note=note)
    order.merged_into, order.units = None, []
    await steps.owe_dispatch(session, order, now=now)


async def _tell_reward(session: AsyncSession, order: Order, *, now: datetime) -> None:
    """Whoever gave a name and was the first to tell what proved true is rewarded.

    Who came later stays later, even where their order was taken up anew.
    """
    told = order.hazard_told_at is not None and order.verified is True
    if not told or not order.named or await repeats.repeats_another(session, order.id):
        return
    publish(
        session,
        OrderRewardDue(
            **steps.facts(order),
            occurred_at=now,
            unit=order.lead or order.unit,
            enterprise_uscc=order.enterprise_uscc,
            concealed_accident=order.matter == _CONCEALED,
        ),
    )
