"""Whoever has to decide on a return: told that it is their turn, and overdue where they do not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference.terms import OrderStep
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches import queries
from services.tasks.dispatches.domain import DispatchStatus
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders import operations as steps
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders import rules as limits
from services.tasks.orders.tables import Order


async def owe_decision(
    session: AsyncSession, order: Order, part: Dispatch, *, now: datetime
) -> None:
    """A part came back: its unit is not blamed while it waits, so that somebody else is."""
    returned = deciding.Undecided(
        step=OrderStep.DECIDE_RETURN,
        row=part,
        decider=_judge(order, part, now=now),
        holder=part.unit,
    )
    await deciding.owe_decision(session, order, returned, now=now)


async def note_undecided(
    session: AsyncSession, *, dispatch_id: UUID, due_at: datetime, now: datetime
) -> None:
    """Nobody has decided in time on what came back: told once, of whoever has to by now."""
    order, part = await queries.locked(session, await queries.get(session, dispatch_id))
    if part.stands is DispatchStatus.RETURNING:
        judge = part.decider = await _bearer(session, order, part, now=now)
        steps.tell_overdue(
            session, order, OrderStep.DECIDE_RETURN, unit=judge, due_at=due_at, now=now
        )


async def pass_on(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """Whoever had to decide is no more, or holds by now what it would decide on."""
    heir = await deciding.bearer(session, unit, now=now)
    for found in await queries.waiting(session, deciders=[unit, heir]):
        order, part = await queries.locked(session, found)
        if part.stands is DispatchStatus.RETURNING:
            part.decider = await _bearer(session, order, part, now=now)


async def _bearer(session: AsyncSession, order: Order, part: Dispatch, *, now: datetime) -> str:
    return await deciding.bearer(session, _judge(order, part, now=now), now=now)


def _judge(order: Order, part: Dispatch, *, now: datetime) -> str:
    """The desk; a lead that has none to go to any more but by arbitration is the office's."""
    arbitrated = part.leads and not sending.returns_left(order, now=now)
    return limits.decider(
        order.region_code,
        desk=None if arbitrated else order.unit,
        parties=[part.unit],
        on=calendar.day_of(now),
    )
