"""Asking for more time before the time is up, and giving it for all who hold a part."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import NotYours, Principal
from kernel.ids import uuid7
from reference import holidays
from reference import orders as pack
from reference.terms import OrderStep
from services.tasks.dispatches import operations as dispatches
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches import queries as parts
from services.tasks.dispatches.domain import OWED
from services.tasks.dispatches.tables import Dispatch
from services.tasks.extensions import domain, queries
from services.tasks.extensions import operations_deciding as reviewing
from services.tasks.extensions.domain import (
    ExtensionAction,
    ExtensionDecided,
    ExtensionStatus,
    ExtensionsUsedUp,
    ExtensionTooLate,
    ExtensionTooLong,
)
from services.tasks.extensions.tables import OrderExtension
from services.tasks.orders import operations as steps
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders import queries as orders
from services.tasks.orders import rules as limits
from services.tasks.orders.domain import OrderAction
from services.tasks.orders.rules import Due
from services.tasks.orders.tables import Order
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct


async def ask(
    session: AsyncSession,
    *,
    dispatch_id: UUID,
    days: int,
    reason: str,
    by: Principal,
    now: datetime,
) -> OrderExtension:
    """The unit that leads asks for more time, with the reason, before its time is up."""
    order, part = await dispatches.held(session, dispatch_id, by)
    if not part.leads:
        raise NotYours("由主办单位申请延期", "The unit that leads asks for more time.")
    await _refuse_unfit(session, part, days=days, now=now)
    row = OrderExtension(
        id=uuid7(),
        dispatch_id=part.id,
        order_id=order.id,
        region_code=order.region_code,
        units=order.units,
        unit=part.unit,
        status=str(ExtensionStatus.ASKED),
        days=days,
        reason=reason,
        due_before=part.due_at,
        asked_by=by.subject,
        asked_at=now,
    )
    session.add(row)
    steps.keep(session, order, "ask_extension", by=by, now=now, note=reason, detail={"days": days})
    await reviewing.owe_decision(session, order, row, now=now)
    return row


async def _refuse_unfit(session: AsyncSession, part: Dispatch, *, days: int, now: datetime) -> None:
    row = pack.limit(OrderStep.EXTENSION, part.of_class, on=calendar.day_of(now))
    if part.stands not in OWED:
        raise ExtensionDecided
    if limits.is_late(done_at=now, due_at=part.due_at):
        raise ExtensionTooLate(due_at=part.due_at.isoformat())
    if days > row.length:
        raise ExtensionTooLong(most=row.length, counting=row.counting)
    if row.times is not None and part.extended >= row.times:
        raise ExtensionsUsedUp
    if await queries.waiting(session, part.id):
        raise ExtensionsUsedUp


async def decide(
    session: AsyncSession,
    *,
    extension_id: UUID,
    action: ExtensionAction,
    remark: str,
    by: Principal,
    now: datetime,
) -> OrderExtension:
    """Give more time or refuse it; nobody decides for their own unit.

    What was asked for in time is given from the end of the time there was, even where it is
    decided on later: then what was found overdue meanwhile is not overdue any more.
    """
    found = await queries.get(session, extension_id)
    POLICIES.require(by, OrderAct.DECIDE_EXTENSION, on=found, seen_by=OrderAct.READ_ORDERS)
    order = await orders.get(session, found.order_id, lock=True)
    found = await queries.get(session, extension_id)
    if found.asked_by == by.subject or by.unit in order.units:
        raise NotYours
    found.status = str(domain.after(ExtensionStatus(found.status), action))
    found.decided_by, found.decided_at, found.remark = by.subject, now, remark
    await timers.cancel(
        session, kind=deciding.EXTENSION_DECISION_DUE, entity_id=str(found.id), now=now
    )
    if action is ExtensionAction.APPROVE:
        await _extend(session, order, found, by=by, now=now)
    audit.note(session, by=by, act=f"extension.{action}", entity=steps.ENTITY, entity_id=order.id)
    return found


async def _extend(
    session: AsyncSession, order: Order, found: OrderExtension, *, by: Principal, now: datetime
) -> None:
    lead = await parts.get(session, found.dispatch_id)
    if lead.stands not in OWED:
        raise ExtensionDecided
    row = pack.limit(OrderStep.EXTENSION, order.of_class, on=calendar.day_of(found.asked_at))
    with steps.known_days():
        at = limits.extended(
            row, due_at=found.due_before, length=found.days, days_off=holidays.calendar()
        )
    found.due_after = at
    due = Due(at=at, warn_at=None, rule=row.rule)
    for part in await parts.live(session, order.id):
        if part.round == lead.round:
            await sending.start_handling_clock(
                session, part, due=due, reason=f"extension {found.id}"
            )
            part.extended += 1
            if at > now:
                part.overdue_at, part.delayed_by = None, None
    detail = {"due_at": at.isoformat(), "days": found.days}
    steps.step_on(session, order, OrderAction.EXTEND, by=by, now=now, detail=detail)
