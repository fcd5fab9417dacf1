"""What the clocks of a unit's part find: not signed for, not answered, soon due."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import OrderWarned
from kernel.outbox import publish
from reference.terms import OrderStep
from services.tasks.dispatches import queries, rules
from services.tasks.dispatches.domain import OWED, DispatchStatus
from services.tasks.dispatches.rules import Held
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders import operations as steps
from services.tasks.orders.tables import Order


async def note_unsigned(session: AsyncSession, *, dispatch_id: UUID, now: datetime) -> None:
    """The unit has not signed for it in time: said once."""
    order, part = await queries.locked(session, await queries.get(session, dispatch_id))
    due_at = part.sign_due_at
    waits = part.stands is DispatchStatus.SENT and part.sign_overdue_at is None
    if not waits or due_at is None or now < due_at:
        return
    part.sign_overdue_at = now
    steps.tell_overdue(session, order, OrderStep.SIGN, unit=part.unit, due_at=due_at, now=now)


async def warn(session: AsyncSession, *, dispatch_id: UUID, now: datetime) -> None:
    """The time ends soon, and the unit has not answered."""
    order, part = await queries.locked(session, await queries.get(session, dispatch_id))
    if part.stands in OWED and now < part.due_at:
        publish(
            session,
            OrderWarned(**steps.facts(order), occurred_at=now, unit=part.unit, due_at=part.due_at),
        )


async def note_overdue(session: AsyncSession, *, dispatch_id: UUID, now: datetime) -> None:
    """The time is up. It is the delay of whoever holds the work, and a lead may be waiting.

    While a return or an objection is decided nobody is blamed; what is decided against the
    unit is overdue then.
    """
    order, part = await queries.locked(session, await queries.get(session, dispatch_id))
    if part.stands not in OWED or part.overdue_at is not None or now < part.due_at:
        return
    part.delayed_by = [part.unit]
    if part.leads:
        holding = [_holder(order, row) for row in await queries.live(session, order.id)]
        part.delayed_by = list(rules.delayed_by(holding))
    if part.unit in part.delayed_by:
        part.overdue_at = now
        steps.tell_overdue(
            session, order, OrderStep.HANDLE, unit=part.unit, due_at=part.due_at, now=now
        )


def _holder(order: Order, part: Dispatch) -> Held:
    """Who holds a part: while a return or an objection is decided, the desk does."""
    unit = part.unit if part.stands in OWED else order.unit
    return Held(unit=unit, leads=part.leads)
