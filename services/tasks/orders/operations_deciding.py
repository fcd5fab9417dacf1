"""Whose turn it is to decide on what came back, is objected to or asked for, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import OrderDecisionDue
from kernel import calendar, timers
from kernel.outbox import publish
from reference import holidays
from reference.terms import OrderStep
from services.tasks.orders import operations as steps
from services.tasks.orders import rules
from services.tasks.orders.tables import Order
from services.tasks.successions import queries as successions

RETURN_DECISION_DUE = "order_return_decision_due"
ARBITRATION_DUE = "order_arbitration_due"
EXTENSION_DECISION_DUE = "order_extension_decision_due"
_CLOCKS = {
    OrderStep.DECIDE_RETURN: RETURN_DECISION_DUE,
    OrderStep.ARBITRATE: ARBITRATION_DUE,
    OrderStep.DECIDE_EXTENSION: EXTENSION_DECISION_DUE,
}


class Waiting(Protocol):
    """The part that came back, the objection, or the request for more time."""

    id: UUID
    decider: str | None
    decision_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """What waits for somebody."""

    step: OrderStep
    row: Waiting
    decider: str
    holder: str
    named: str | None = None


async def owe_decision(
    session: AsyncSession, order: Order, open_now: Undecided, *, now: datetime
) -> None:
    """Tell whose turn it is, and start their clock. A unit is never refused for want of one."""
    row = open_now.row
    due = rules.due_even_so(open_now.step, order.of_class, since=now, days_off=holidays.calendar())
    await timers.arm(
        session,
        kind=_CLOCKS[open_now.step],
        entity_id=str(row.id),
        due_at=due.at,
        rule=due.rule,
    )
    row.decision_due_at = due.at
    row.decider = await bearer(session, open_now.decider, now=now)
    publish(
        session,
        OrderDecisionDue(
            **steps.facts(order),
            occurred_at=now,
            unit=row.decider,
            step=open_now.step,
            holder=open_now.holder,
            named=open_now.named,
            due_at=due.at,
        ),
    )


async def bearer(session: AsyncSession, decider: str, *, now: datetime) -> str:
    """Who decides instead of a unit that is no more: the packs still name that one."""
    return (await successions.bearing(session, [decider], on=calendar.day_of(now)))[decider]
