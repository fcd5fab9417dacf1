"""What this service does when tasks tells of hotline orders."""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import (
    OrderDecisionDue,
    OrderDispatched,
    OrderOverdue,
    OrderRewardDue,
    OrderUrged,
    OrderWarned,
)
from kernel.inbox import on
from services.notifications.telling import alarm, inform


async def inform_unit_on_order_dispatched(session: AsyncSession, event: OrderDispatched) -> None:
    """Whoever was sent a hotline order hears by when it is answered."""
    await inform(session, event, to=[event.unit])


async def inform_unit_on_order_warned(session: AsyncSession, event: OrderWarned) -> None:
    """Whoever holds an order hears that its time ends soon."""
    await inform(session, event, to=[event.unit])


async def inform_unit_on_order_urged(session: AsyncSession, event: OrderUrged) -> None:
    """Whoever holds an order is reminded of it."""
    await inform(session, event, to=[event.unit])


async def inform_decider_on_order_decision_due(
    session: AsyncSession, event: OrderDecisionDue
) -> None:
    """Whoever has to decide hears by when; the unit that an objection names may speak before."""
    await inform(session, event, to=[event.unit, *([event.named] if event.named else [])])


async def raise_alarm_on_order_overdue(session: AsyncSession, event: OrderOverdue) -> None:
    """Call the chain of a missed step."""
    await alarm(session, event)


async def inform_payer_on_order_reward_due(session: AsyncSession, event: OrderRewardDue) -> None:
    """Whoever verified what was told pays for it; who told it is said to nobody."""
    await inform(session, event, to=[event.unit])


ORDERS = (
    on(OrderDispatched, inform_unit_on_order_dispatched),
    on(OrderWarned, inform_unit_on_order_warned),
    on(OrderUrged, inform_unit_on_order_urged),
    on(OrderDecisionDue, inform_decider_on_order_decision_due),
    on(OrderRewardDue, inform_payer_on_order_reward_due),
    on(OrderOverdue, raise_alarm_on_order_overdue),
)
