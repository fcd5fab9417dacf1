"""Objecting, saying what the other unit thinks of it, and settling who handles the order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import SYSTEM, NotYours, Principal
from kernel.ids import uuid7
from reference import holidays
from reference import orders as pack
from reference.terms import OrderStep
from services.tasks.catalogue.rules import Lesson
from services.tasks.dispatches import domain as parts
from services.tasks.dispatches import operations as dispatches
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches import queries as held
from services.tasks.dispatches import rules as returning
from services.tasks.dispatches.domain import DispatchAction
from services.tasks.dispatches.schemas import Addressees
from services.tasks.dispatches.tables import Dispatch
from services.tasks.objections import domain, queries, rules
from services.tasks.objections import operations_deciding as arbitration
from services.tasks.objections.domain import (
    ArbiterInvolved,
    NothingToObjectTo,
    ObjectionAction,
    ObjectionNamesNobodyElse,
    ObjectionStatus,
    ObjectionTooLate,
)
from services.tasks.objections.tables import Objection
from services.tasks.orders import operations as steps
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders import queries as orders
from services.tasks.orders import rules as limits
from services.tasks.orders.domain import OrderAction
from services.tasks.orders.tables import Order
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct
from services.tasks.successions import queries as successions


async def make(
    session: AsyncSession,
    *,
    dispatch_id: UUID,
    named: str,
    grounds: str,
    by: Principal,
    now: datetime,
) -> Objection:
    """Say which other unit has to handle it: after a refused return, within the limit of one."""
    order, part = await dispatches.held(session, dispatch_id, by)
    status = parts.after(part.stands, DispatchAction.OBJECT)
    standing = await organisations.known(session, [named], day=calendar.day_of(now))
    if named == part.unit or named not in standing:
        raise ObjectionNamesNobodyElse
    _refuse_unfit(order, part, now=now)
    part.status = str(status)
    await timers.cancel(session, kind=sending.SIGN_DUE, entity_id=str(part.id), now=now)
    dispatches.step(session, order, part, OrderAction.OBJECT, by=by, now=now, note=grounds)
    row = Objection(
        id=uuid7(),
        dispatch_id=part.id,
        order_id=order.id,
        region_code=order.region_code,
        units=[part.unit, named],
        unit=part.unit,
        named=named,
        matter=order.matter,
        status=str(ObjectionStatus.MADE),
        grounds=grounds,
        made_by=by.subject,
        made_at=now,
    )
    session.add(row)
    await arbitration.owe_decision(session, order, row, now=now)
    return row


def _refuse_unfit(order: Order, part: Dispatch, *, now: datetime) -> None:
    row = pack.limit(OrderStep.RETURN, order.of_class, on=calendar.day_of(part.sent_at))
    since = rules.objection_from(
        sent_at=part.sent_at,
        refused_at=part.refused_at,
        returns_left=returning.returns_left(row, returns=order.returns),
        arbitrated=part.arbitrated,
    )
    if since is None:
        raise NothingToObjectTo
    with steps.known_days():
        ends = limits.ends_at(row, length=row.length, since=since, days_off=holidays.calendar())
    if limits.is_late(done_at=now, due_at=ends):
        raise ObjectionTooLate(due_at=ends.isoformat())


async def reply(
    session: AsyncSession, *, objection_id: UUID, text: str, by: Principal, now: datetime
) -> Objection:
    """The unit that was named says what it thinks of it, once."""
    found = await queries.get(session, objection_id, lock=True)
    POLICIES.require(by, OrderAct.WORK_ORDER, on=found, seen_by=OrderAct.READ_ORDERS)
    if by.unit != found.named:
        raise NotYours
    found.status = str(domain.after(ObjectionStatus(found.status), ObjectionAction.REPLY))
    found.reply, found.replied_by, found.replied_at = text, by.subject, now
    audit.note(session, by=by, act="objection.reply", entity="objection", entity_id=found.id)
    return found


async def settle(
    session: AsyncSession,
    *,
    objection_id: UUID,
    to: Addressees | None,
    ruling: str,
    by: Principal,
    now: datetime,
) -> Objection:
    """Settle who handles it: the unit that objected, or those named in `to`. It is final."""
    found = await queries.get(session, objection_id)
    POLICIES.require(by, OrderAct.ARBITRATE_ORDER, on=found, seen_by=OrderAct.READ_ORDERS)
    order = await orders.get(session, found.order_id, lock=True)
    found = await queries.get(session, objection_id, lock=True)
    part = await held.get(session, found.dispatch_id)
    if by.unit in {*found.units, *order.units}:
        raise ArbiterInvolved
    action = ObjectionAction.DISMISS if to is None else ObjectionAction.UPHOLD
    found.status = str(domain.after(ObjectionStatus(found.status), action))
    found.assigned = part.unit if to is None else to.lead
    found.ruling, found.decided_by, found.decided_at = ruling, by.subject, now
    await timers.cancel(session, kind=deciding.ARBITRATION_DUE, entity_id=str(found.id), now=now)
    dispatches.step(session, order, part, OrderAction.ARBITRATE, by=by, now=now, note=ruling)
    if to is None:
        await _stays(session, part, now=now)
    else:
        await _moves(session, order, part, to, by=by, now=now)
    return found


async def _stays(session: AsyncSession, part: Dispatch, *, now: datetime) -> None:
    part.status = str(parts.after(part.stands, DispatchAction.UPHOLD))
    part.arbitrated = True
    await dispatches.sign_again(session, part, now=now)


async def _moves(
    session: AsyncSession,
    order: Order,
    part: Dispatch,
    to: Addressees,
    *,
    by: Principal,
    now: datetime,
) -> None:
    """The unit is free of it, without blame; whoever holds it now has the whole time."""
    await sending.refuse_unclear(session, to, now=now)
    if part.unit in {to.lead, *to.supporting}:
        raise parts.BackToReturner
    others = [row for row in await held.live(session, order.id) if row.id != part.id]
    await sending.end(session, part, DispatchAction.RELEASE, now=now)
    await session.flush()
    if not part.leads:
        # Another unit supports it instead; who leads is left alone.
        await sending.send_supporting(session, order, to.lead, held=others, by=by, now=now)
        return
    order.returns += 1
    await sending.learn(session, Lesson.RETURNED, part, now=now)
    await sending.send(session, order, to, held=others, arbitrated=True, by=by, now=now)


async def hand_over(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """The heir of a unit that ended is the party that the unit was, and may say what it thinks."""
    heir = (await successions.bearing(session, [unit], on=calendar.day_of(now)))[unit]
    if heir == unit:
        return
    for row in await queries.waiting(session, unit):
        row.unit, row.named = (heir if one == unit else one for one in (row.unit, row.named))
        row.units = [row.unit, row.named]
        detail = {"unit": unit, "heir": heir}
        audit.note(
            session,
            by=SYSTEM,
            act="objection.hand_over",
            entity="objection",
            entity_id=row.id,
            detail=detail,
        )
