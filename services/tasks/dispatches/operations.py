"""What a unit does with its part: sign for it, handle it, answer it, send it back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.gateway import Role
from contracts.tasks_orders import OrderReturned
from kernel import calendar, timers
from kernel.access import NotYours, Principal
from kernel.outbox import publish
from reference import orders as pack
from reference.terms import OrderStep
from services.tasks.catalogue.rules import Lesson
from services.tasks.dispatches import domain, queries, rules
from services.tasks.dispatches import operations_deciding as returns
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches.domain import (
    DispatchAction,
    DispatchStatus,
    LeaderSigns,
    PartsUnanswered,
    ReturnReason,
    ReturnsUsedUp,
    ReturnTooLate,
)
from services.tasks.dispatches.operations_overdue import note_overdue
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders import operations as steps
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders import rules as limits
from services.tasks.orders.domain import OrderAction
from services.tasks.orders.tables import Order
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct


async def held(session: AsyncSession, dispatch_id: UUID, by: Principal) -> tuple[Order, Dispatch]:
    """A part and its order, locked in this order, for the unit that holds it and nobody else."""
    part = await queries.get(session, dispatch_id)
    POLICIES.require(by, OrderAct.WORK_ORDER, on=part, seen_by=OrderAct.READ_ORDERS)
    if by.unit != part.unit:
        raise NotYours
    return await queries.locked(session, part)


async def sign(
    session: AsyncSession, *, dispatch_id: UUID, by: Principal, now: datetime
) -> Dispatch:
    """The unit has received it and does not send it back for now."""
    order, part = await held(session, dispatch_id, by)
    part.status = str(domain.after(part.stands, DispatchAction.SIGN))
    part.signed_at = now
    await timers.cancel(session, kind=sending.SIGN_DUE, entity_id=str(part.id), now=now)
    step(session, order, part, OrderAction.SIGN, by=by, now=now)
    return part


async def handle(
    session: AsyncSession, *, dispatch_id: UUID, by: Principal, now: datetime
) -> Dispatch:
    """The unit begins; from now on it is its own."""
    order, part = await held(session, dispatch_id, by)
    part.status = str(domain.after(part.stands, DispatchAction.HANDLE))
    step(session, order, part, OrderAction.HANDLE, by=by, now=now)
    return part


def step(
    session: AsyncSession,
    order: Order,
    part: Dispatch,
    action: OrderAction,
    *,
    by: Principal,
    now: datetime,
    note: str | None = None,
) -> None:
    """What the lead does moves the order; what a supporting unit does is kept beside it."""
    detail = {"unit": part.unit, "part": part.part, "dispatch": str(part.id)}
    if part.leads:
        steps.step_on(session, order, action, by=by, now=now, note=note, detail=detail)
    else:
        steps.keep(session, order, f"part.{action}", by=by, now=now, note=note, detail=detail)


async def answer(
    session: AsyncSession,
    *,
    dispatch_id: UUID,
    text: str,
    verified: bool | None,
    by: Principal,
    now: datetime,
) -> Dispatch:
    """Say what was done. The lead's answer is the order's, and comes when all parts have theirs."""
    order, part = await held(session, dispatch_id, by)
    others = [row for row in await queries.live(session, order.id) if row.id != part.id]
    if part.leads and others:
        waiting = sorted(row.unit for row in others)
        raise PartsUnanswered("、".join(waiting), ", ".join(waiting), units=waiting)
    late = limits.is_late(done_at=now, due_at=part.due_at)
    await sending.end(session, part, DispatchAction.ANSWER, now=now)
    part.answered_at, part.answer = now, text
    if late and part.overdue_at is None:
        # The answer came before the clock was looked at: it is late all the same.
        part.overdue_at, part.delayed_by = now, [part.unit]
    step(session, order, part, OrderAction.ANSWER, by=by, now=now, note=text)
    if not part.leads:
        await leave_to_lead(session, others, now=now)
        return part
    if order.returns and part.round == 1:
        await sending.learn(session, Lesson.SETTLED, part, now=now)
    await steps.answer_all(session, order, text=text, verified=verified, by=by, now=now)
    return part


async def leave_to_lead(
    session: AsyncSession, others: Sequence[Dispatch], *, now: datetime
) -> None:
    """The last part is there: a lead whose time ran out meanwhile has its own time to sum up."""
    await session.flush()
    if len(others) != 1 or not others[0].leads:
        return
    lead = others[0]
    if not limits.is_late(done_at=now, due_at=lead.due_at):
        return
    due = steps.due(OrderStep.AFTER_PARTS, lead.of_class, since=now)
    if lead.overdue_at is None:
        await sending.start_handling_clock(session, lead, due=due, reason="parts late")


async def send_back(
    session: AsyncSession,
    *,
    dispatch_id: UUID,
    reason: ReturnReason,
    note: str,
    by: Principal,
    now: datetime,
) -> Dispatch:
    """Send a part back, within the limit and with the reason; a further time a leader signs."""
    order, part = await held(session, dispatch_id, by)
    row = pack.limit(OrderStep.RETURN, order.of_class, on=calendar.day_of(part.sent_at))
    status = domain.after(part.stands, DispatchAction.RETURN)
    if part.arbitrated or part.refused_at or not rules.returns_left(row, returns=order.returns):
        raise ReturnsUsedUp
    if limits.is_late(done_at=now, due_at=part.return_due_at):
        raise ReturnTooLate(due_at=part.return_due_at.isoformat())
    if rules.leader_signs(row, returns=order.returns) and Role.LEADER not in by.roles:
        raise LeaderSigns
    part.status, part.returned_at = str(status), now
    part.return_reason, part.return_note = str(reason), note
    await timers.cancel(session, kind=sending.SIGN_DUE, entity_id=str(part.id), now=now)
    step(session, order, part, OrderAction.RETURN, by=by, now=now, note=note)
    publish(
        session,
        OrderReturned(
            **steps.facts(order), occurred_at=now, unit=part.unit, reason=part.return_reason
        ),
    )
    await returns.owe_decision(session, order, part, now=now)
    return part


async def judged(session: AsyncSession, dispatch_id: UUID, by: Principal) -> tuple[Order, Dispatch]:
    """A part and its order, locked, for the desk that decides on what came back."""
    part = await queries.get(session, dispatch_id)
    POLICIES.require(by, OrderAct.DISPATCH_ORDER, on=part, seen_by=OrderAct.READ_ORDERS)
    if by.unit == part.unit:
        raise NotYours
    return await queries.locked(session, part)


async def refuse_return(
    session: AsyncSession, *, dispatch_id: UUID, note: str, by: Principal, now: datetime
) -> Dispatch:
    """It is this unit's after all: it signs for it anew, in the time it had."""
    order, part = await judged(session, dispatch_id, by)
    part.status = str(domain.after(part.stands, DispatchAction.REFUSE_RETURN))
    part.refused_at = now
    await sending.stop_clocks(session, part, now=now, kinds=[deciding.RETURN_DECISION_DUE])
    await sign_again(session, part, now=now)
    step(session, order, part, OrderAction.REFUSE_RETURN, by=by, now=now, note=note)
    return part


async def sign_again(session: AsyncSession, part: Dispatch, *, now: datetime) -> None:
    """The unit holds it again. The time to handle it has run on: what is past is overdue now."""
    due = steps.due(OrderStep.SIGN, part.of_class, since=now)
    part.sign_due_at, part.signed_at = due.at, None
    await timers.arm(
        session, kind=sending.SIGN_DUE, entity_id=str(part.id), due_at=due.at, rule=due.rule
    )
    await session.flush()
    await note_overdue(session, dispatch_id=part.id, now=now)


async def accept_part_return(
    session: AsyncSession, *, dispatch_id: UUID, note: str, by: Principal, now: datetime
) -> Dispatch:
    """A supporting unit is not needed. What the lead sent back is sent elsewhere instead."""
    order, part = await judged(session, dispatch_id, by)
    if part.leads:
        raise domain.DispatchActionRefused(
            "主办单位的退单通过改派予以认可",
            "Accept a lead's return by dispatching the order anew.",
        )
    await sending.accept_return(session, order, part, now=now)
    detail = {"unit": part.unit, "dispatch": str(part.id)}
    steps.keep(session, order, "part.return_accepted", by=by, now=now, note=note, detail=detail)
    others = [row for row in await queries.live(session, order.id) if row.id != part.id]
    await leave_to_lead(session, others, now=now)
    return part


async def redo(session: AsyncSession, order: Order, *, by: Principal, now: datetime) -> Dispatch:
    """The unit that leads handles it once more; the round is a part of its own."""
    due = steps.due(OrderStep.REDO, order.of_class, since=now)
    assert order.lead is not None
    order.units = [order.lead]
    part = sending.part_of(order, order.lead, domain.Part.LEAD, due=due, by=by, now=now)
    part.status, part.signed_at, part.arbitrated = str(DispatchStatus.HANDLING), now, True
    session.add(part)
    await sending.start_handling_clock(session, part, due=due)
    publish(session, sending.sent(order, part, now=now))
    return part
