"""Recognising repeats, and merging them or keeping them apart, which a person decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import OrderMerged
from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches import queries as dispatches
from services.tasks.dispatches.domain import DispatchAction
from services.tasks.orders import operations as steps
from services.tasks.orders import queries as orders
from services.tasks.orders.domain import OPEN, OrderAction
from services.tasks.orders.tables import Order
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct
from services.tasks.repeats import domain, queries, rules
from services.tasks.repeats.domain import CannotGoOn, RepeatAction, RepeatStatus
from services.tasks.repeats.tables import OrderRepeat


async def look_for(
    session: AsyncSession, order: Order, *, same: bytes | None, now: datetime
) -> None:
    """Note which open orders the new one may repeat; nothing is merged by itself."""
    mine, on = queries.told(order, same=same), calendar.day_of(now)
    for other, theirs in await queries.open_near(session, order, on=on):
        alike = rules.likeness(mine, queries.told(other, same=theirs), on=on)
        if alike.is_offered:
            row = OrderRepeat(
                id=uuid7(),
                region_code=order.region_code,
                order_id=order.id,
                other_id=other.id,
                score=alike.score,
                reasons=list(alike.reasons),
                status=str(RepeatStatus.OFFERED),
                found_at=now,
            )
            session.add(row)


async def merge(
    session: AsyncSession, *, repeat_id: UUID, why: str, by: Principal, now: datetime
) -> OrderRepeat:
    """They are one matter: the later order goes on as the earlier, and is answered with it."""
    found = await _decide(session, repeat_id, RepeatAction.MERGE, why=why, by=by, now=now)
    pair = {}
    for order_id in sorted((found.order_id, found.other_id)):  # in one order: nobody deadlocks
        pair[order_id] = await orders.get(session, order_id, lock=True)
    order, other = pair[found.order_id], pair[found.other_id]
    if other.stands not in OPEN:
        raise CannotGoOn(other_status=other.status)
    detail = {"into": str(other.id)}
    steps.step_on(session, order, OrderAction.MERGE, by=by, now=now, note=why, detail=detail)
    steps.keep(session, other, "take_in", by=by, now=now, detail={"merged": str(order.id)})
    await _hand_over(session, order, other, now=now)
    publish(session, OrderMerged(**steps.facts(order), occurred_at=now, merged_into=other.id))
    return found


async def _hand_over(session: AsyncSession, order: Order, other: Order, *, now: datetime) -> None:
    """Whoever held it holds it no longer, and what was part of it becomes part of the other."""
    for part in await dispatches.live(session, order.id):
        await sending.end(session, part, DispatchAction.WITHDRAW, now=now)
    await timers.cancel(session, kind=steps.DISPATCH_DUE, entity_id=str(order.id), now=now)
    joined = [order, *await orders.merged_into(session, order.id)]
    for one in joined:
        one.merged_into, one.units = other.id, other.units
    order.lead = None


async def keep_apart(
    session: AsyncSession, *, repeat_id: UUID, why: str, by: Principal, now: datetime
) -> OrderRepeat:
    """They are two matters: each is handled by itself, and nobody is asked again."""
    return await _decide(session, repeat_id, RepeatAction.KEEP_APART, why=why, by=by, now=now)


async def _decide(
    session: AsyncSession,
    repeat_id: UUID,
    action: RepeatAction,
    *,
    why: str,
    by: Principal,
    now: datetime,
) -> OrderRepeat:
    found = await queries.get(session, repeat_id, lock=True)
    POLICIES.require(by, OrderAct.MERGE_ORDERS, on=found, seen_by=OrderAct.READ_ORDERS)
    found.status = str(domain.after(RepeatStatus(found.status), action))
    found.decided_by, found.decided_at, found.why = by.subject, now, why
    audit.note(session, by=by, act=f"repeat.{action}", entity="repeat", entity_id=found.id)
    return found
