"""Whoever has to decide on more time: told that it is their turn, and overdue where they do not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference.terms import OrderStep
from services.tasks.dispatches import queries as parts
from services.tasks.dispatches.domain import LIVE
from services.tasks.extensions import queries
from services.tasks.extensions.domain import ExtensionStatus
from services.tasks.extensions.tables import OrderExtension
from services.tasks.orders import operations as steps
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders import queries as orders
from services.tasks.orders import rules as limits
from services.tasks.orders.tables import Order


async def owe_decision(
    session: AsyncSession, order: Order, row: OrderExtension, *, now: datetime
) -> None:
    """A unit asked for more time while its own runs on."""
    request = deciding.Undecided(
        step=OrderStep.DECIDE_EXTENSION,
        row=row,
        decider=_reviewer(order, now=now),
        holder=row.unit,
    )
    await deciding.owe_decision(session, order, request, now=now)


async def note_undecided(
    session: AsyncSession, *, extension_id: UUID, due_at: datetime, now: datetime
) -> None:
    """Nobody has decided in time. A part that its unit holds no longer needs no more time."""
    found = await queries.get(session, extension_id)
    order = await orders.get(session, found.order_id, lock=True)
    found = await queries.get(session, extension_id)
    part = await parts.get(session, found.dispatch_id)
    if found.status == ExtensionStatus.ASKED and part.stands in LIVE:
        reviewer = found.decider = await _bearer(session, order, now=now)
        steps.tell_overdue(
            session, order, OrderStep.DECIDE_EXTENSION, unit=reviewer, due_at=due_at, now=now
        )


async def pass_on(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """Whoever had to decide is no more, or holds a part of the order by now."""
    heir = await deciding.bearer(session, unit, now=now)
    for found in await queries.awaited_of(session, deciders=[unit, heir]):
        order = await orders.get(session, found.order_id, lock=True)
        row = await queries.get(session, found.id)
        if row.status == ExtensionStatus.ASKED:
            row.decider = await _bearer(session, order, now=now)


async def _bearer(session: AsyncSession, order: Order, *, now: datetime) -> str:
    return await deciding.bearer(session, _reviewer(order, now=now), now=now)


def _reviewer(order: Order, *, now: datetime) -> str:
    """The desk; where it holds a part of the order itself, the nearest office that does not."""
    return limits.decider(
        order.region_code, desk=order.unit, parties=order.units, on=calendar.day_of(now)
    )
