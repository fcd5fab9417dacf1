"""Sending an order to units, again where it came back, and starting the clocks of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import OrderDispatched
from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import orders as pack
from reference.terms import OrderStep
from services.tasks.catalogue import operations as catalogue
from services.tasks.catalogue.rules import Lesson
from services.tasks.dispatches import domain, queries, rules
from services.tasks.dispatches.domain import (
    MISDISPATCHED,
    AddresseesUnclear,
    ArbitrationNeeded,
    BackToReturner,
    DispatchAction,
    DispatchStatus,
    Part,
)
from services.tasks.dispatches.schemas import Addressees
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders import operations as steps
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders import queries as orders
from services.tasks.orders.domain import OrderAction, OrderStatus
from services.tasks.orders.rules import Due
from services.tasks.orders.tables import Order
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct
from services.tasks.successions import queries as successions

SIGN_DUE, HANDLE_WARNING, HANDLE_DUE = "order_sign_due", "order_handle_warning", "order_handle_due"
CLOCKS = (SIGN_DUE, HANDLE_WARNING, HANDLE_DUE, deciding.RETURN_DECISION_DUE)


async def dispatch(
    session: AsyncSession, *, order_id: UUID, to: Addressees, by: Principal, now: datetime
) -> Order:
    """Send an order to the unit that leads and those that support it.

    One that came back goes elsewhere: that accepts the return, and the catalogue learns of it.
    """
    order = await orders.get(session, order_id, lock=True)
    POLICIES.require(by, OrderAct.DISPATCH_ORDER, on=order, seen_by=OrderAct.READ_ORDERS)
    await refuse_unclear(session, to, now=now)
    held = await queries.live(session, order.id)
    came_back = order.stands is OrderStatus.RETURNED
    arbitrated = came_back and not returns_left(order, now=now)
    if arbitrated and not POLICIES.allows(by, OrderAct.ARBITRATE_ORDER, order):
        raise ArbitrationNeeded
    steps.step_on(
        session,
        order,
        OrderAction.DISPATCH,
        by=by,
        now=now,
        note=to.note,
        detail={"lead": to.lead, "supporting": list(to.supporting)},
    )
    for part in held:
        if part.leads and part.stands is DispatchStatus.RETURNING:
            await accept_return(session, order, part, now=now)
    if to.lead in await queries.returners(session, order.id):
        raise BackToReturner
    await send(session, order, to, held=held, arbitrated=arbitrated, by=by, now=now)
    return order


async def refuse_unclear(session: AsyncSession, to: Addressees, *, now: datetime) -> None:
    """Every unit named stands today and is named once; of one that ended the heir is said."""
    named = [to.lead, *to.supporting]
    if len(set(named)) < len(named):
        raise AddresseesUnclear
    on = calendar.day_of(now)
    known = await organisations.known(session, named, day=on)
    heirs = await successions.bearing(session, named, on=on)
    for code in named:
        if code not in known and heirs[code] == code:
            raise AddresseesUnclear(f"没有单位 {code}", f"There is no unit {code}.")
        if code not in known:
            raise AddresseesUnclear(
                f"单位 {code} 已撤销，由 {heirs[code]} 承继",
                f"The unit {code} has ended; {heirs[code]} is its heir.",
                heir=heirs[code],
            )


def returns_left(order: Order, *, now: datetime) -> bool:
    """Whether it may come back once more after the return that is being decided on."""
    row = pack.limit(OrderStep.RETURN, order.of_class, on=calendar.day_of(now))
    return rules.returns_left(row, returns=order.returns + 1)


async def accept_return(
    session: AsyncSession, order: Order, part: Dispatch, *, now: datetime
) -> None:
    """It was not this unit's: it is free of it, and the catalogue learns where that tells it."""
    await end(session, part, DispatchAction.ACCEPT_RETURN, now=now)
    if part.leads:
        order.returns += 1
        if part.return_reason in MISDISPATCHED:
            await learn(session, Lesson.RETURNED, part, now=now)
    await session.flush()


async def learn(session: AsyncSession, lesson: Lesson, part: Dispatch, *, now: datetime) -> None:
    """Tell the catalogue what became of a part."""
    await catalogue.learn(
        session,
        lesson,
        dispatch_id=part.id,
        order_id=part.order_id,
        matter=part.matter,
        region=part.region_code,
        unit=part.unit,
        now=now,
    )


async def end(
    session: AsyncSession, part: Dispatch, action: DispatchAction, *, now: datetime
) -> None:
    """A unit holds its part no longer: none of its clocks runs on."""
    part.status = str(domain.after(part.stands, action))
    part.ended_at = now
    await stop_clocks(session, part, now=now)


async def stop_clocks(
    session: AsyncSession, part: Dispatch, *, now: datetime, kinds: Sequence[str] = CLOCKS
) -> None:
    """Call off what is still to fire."""
    for kind in kinds:
        await timers.cancel(session, kind=kind, entity_id=str(part.id), now=now)


async def send(
    session: AsyncSession,
    order: Order,
    to: Addressees,
    *,
    held: Sequence[Dispatch],
    arbitrated: bool,
    by: Principal,
    now: datetime,
) -> None:
    """Open the parts that are new, withdraw those no longer named, and let everybody see it."""
    live = {part.unit: part for part in held if part.stands in domain.LIVE}
    for unit, part in live.items():
        if part.leads or unit not in to.supporting:
            await end(session, part, DispatchAction.WITHDRAW, now=now)
    await session.flush()  # one unit leads at a time
    kept = [part for part in live.values() if part.stands in domain.LIVE]
    order.lead, order.units = to.lead, [to.lead, *to.supporting]
    order.dispatched_at = now
    await timers.cancel(session, kind=steps.DISPATCH_DUE, entity_id=str(order.id), now=now)
    for part in kept:
        part.units = order.units
    for joined in await orders.merged_into(session, order.id):
        joined.units = order.units
    sending = _Sending(order=order, arbitrated=arbitrated, by=by, now=now)
    await sending.open(session, to.lead, Part.LEAD)
    for unit in to.supporting:
        if unit not in {part.unit for part in kept}:
            await sending.open(session, unit, Part.SUPPORTING)


async def send_supporting(
    session: AsyncSession,
    order: Order,
    unit: str,
    *,
    held: Sequence[Dispatch],
    by: Principal,
    now: datetime,
) -> None:
    """Give a further unit a part by decision; the others keep theirs."""
    standing = [part.unit for part in held]
    order.units = [*standing, *([] if unit in standing else [unit])]
    for part in held:
        part.units = order.units
    if unit not in standing:
        await _Sending(order=order, arbitrated=True, by=by, now=now).open(
            session, unit, Part.SUPPORTING
        )


@dataclass(frozen=True, kw_only=True)
class _Sending:
    """Opens the parts of one dispatch."""

    order: Order
    arbitrated: bool
    by: Principal
    now: datetime

    async def open(self, session: AsyncSession, unit: str, part: Part) -> None:
        order = self.order
        sign, handle, back = (
            steps.due(step, order.of_class, since=self.now)
            for step in (OrderStep.SIGN, OrderStep.HANDLE, OrderStep.RETURN)
        )
        row = part_of(order, unit, part, due=handle, by=self.by, now=self.now)
        row.status = str(DispatchStatus.SENT)
        row.sign_due_at, row.return_due_at = sign.at, back.at
        row.arbitrated = self.arbitrated
        session.add(row)
        await timers.arm(
            session, kind=SIGN_DUE, entity_id=str(row.id), due_at=sign.at, rule=sign.rule
        )
        await start_handling_clock(session, row, due=handle)
        publish(session, sent(order, row, now=self.now))


def part_of(
    order: Order, unit: str, part: Part, *, due: Due, by: Principal, now: datetime
) -> Dispatch:
    """A unit's part of the round that begins now."""
    first = order.proposal[0]["unit"] if order.proposal else None
    return Dispatch(
        id=uuid7(),
        order_id=order.id,
        region_code=order.region_code,
        units=order.units,
        unit=unit,
        part=str(part),
        round=order.redone + 1,
        order_class=order.order_class,
        matter=order.matter,
        proposed=unit == first,
        arbitrated=False,
        sent_at=now,
        sent_by=by.subject,
        due_at=due.at,
        rule=due.rule,
        return_due_at=now,
        extended=0,
    )


async def start_handling_clock(
    session: AsyncSession, part: Dispatch, *, due: Due, reason: str | None = None
) -> None:
    """Warn before the last day, and find out at its end whether it was answered."""
    part.due_at, part.rule = due.at, due.rule
    clocks = {HANDLE_DUE: due.at} | ({HANDLE_WARNING: due.warn_at} if due.warn_at else {})
    for kind, at in clocks.items():
        await timers.arm(
            session, kind=kind, entity_id=str(part.id), due_at=at, rule=due.rule, reason=reason
        )


def sent(order: Order, part: Dispatch, *, now: datetime) -> OrderDispatched:
    """What is told of a part that a unit is given."""
    return OrderDispatched(
        **steps.facts(order),
        occurred_at=now,
        unit=part.unit,
        part=part.part,
        round=part.round,
        sign_due_at=part.sign_due_at,
        due_at=part.due_at,
    )
