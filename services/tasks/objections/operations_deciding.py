"""Whoever has to arbitrate: told that it is their turn, and overdue where they do not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference.terms import OrderStep
from services.tasks.dispatches import queries as held
from services.tasks.dispatches.domain import DispatchStatus
from services.tasks.objections import queries
from services.tasks.objections.tables import Objection
from services.tasks.orders import operations as steps
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders import queries as orders
from services.tasks.orders import rules as limits
from services.tasks.orders.tables import Order


async def owe_decision(
    session: AsyncSession, order: Order, row: Objection, *, now: datetime
) -> None:
    """A unit objected: its part rests until somebody settles whose it is."""
    objection = deciding.Undecided(
        step=OrderStep.ARBITRATE,
        row=row,
        decider=_arbiter(order, row, now=now),
        holder=row.unit,
        named=row.named,
    )
    await deciding.owe_decision(session, order, objection, now=now)


async def note_undecided(
    session: AsyncSession, *, objection_id: UUID, due_at: datetime, now: datetime
) -> None:
    """Nobody has arbitrated in time: told once, of whoever has to by now."""
    found = await queries.get(session, objection_id)
    order = await orders.get(session, found.order_id, lock=True)
    found = await queries.get(session, objection_id, lock=True)
    part = await held.get(session, found.dispatch_id)
    if found.waits and part.stands is DispatchStatus.DISPUTED:
        arbiter = found.decider = await _bearer(session, order, found, now=now)
        steps.tell_overdue(
            session, order, OrderStep.ARBITRATE, unit=arbiter, due_at=due_at, now=now
        )


async def pass_on(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """Whoever had to arbitrate is no more, or is a party by now."""
    heir = await deciding.bearer(session, unit, now=now)
    for found in await queries.awaited_of(session, deciders=[unit, heir]):
        order = await orders.get(session, found.order_id, lock=True)
        row = await queries.get(session, found.id, lock=True)
        if row.waits:
            row.decider = await _bearer(session, order, row, now=now)


async def _bearer(session: AsyncSession, order: Order, row: Objection, *, now: datetime) -> str:
    return await deciding.bearer(session, _arbiter(order, row, now=now), now=now)


def _arbiter(order: Order, row: Objection, *, now: datetime) -> str:
    """The nearest office that neither holds a part nor is said to have to."""
    parties = {*row.units, *order.units}
    return limits.decider(order.region_code, desk=None, parties=parties, on=calendar.day_of(now))
