"""Hand what a unit that ended holds of hotline orders to whoever answers for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import SYSTEM
from kernel.outbox import publish
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches import queries
from services.tasks.dispatches.domain import DispatchAction
from services.tasks.dispatches.operations import leave_to_lead
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders import operations as steps
from services.tasks.orders import queries as orders
from services.tasks.orders.tables import Order
from services.tasks.successions import queries as successions


async def hand_over(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """The heir signs, answers or returns what the unit held, by the same clocks as late as it was.

    An order that has its answer is the heir's to handle once more. What the unit answered or
    returned before stays its own.
    """
    heir = (await successions.bearing(session, [unit], on=calendar.day_of(now)))[unit]
    if heir == unit:
        return
    for order in await orders.held_by(session, unit):
        await _hand_on(session, order, unit=unit, heir=heir, now=now)


async def _hand_on(
    session: AsyncSession, order: Order, *, unit: str, heir: str, now: datetime
) -> None:
    live = {part.unit: part for part in await queries.live(session, order.id)}
    held, own = live.get(unit), live.get(heir)
    given = await _one_of(session, held, own, now=now) if held and own else held
    if given is not None:
        given.unit = heir
        given.delayed_by = given.delayed_by and _instead(given.delayed_by, unit, heir)
    order.lead = heir if order.lead == unit else order.lead
    order.unit = heir if order.unit == unit else order.unit
    order.units = _instead(order.units, unit, heir)
    for joined in await orders.merged_into(session, order.id):
        joined.units = order.units
    for part in await queries.of_order(session, order.id):
        part.units = _instead(part.units, unit, heir)
    detail = {"unit": unit, "heir": heir}
    steps.keep(session, order, "hand_over", by=SYSTEM, now=now, detail=detail)
    if given is not None and given is held:
        publish(session, sending.sent(order, given, now=now))
    if held and own:
        await leave_to_lead(session, await queries.live(session, order.id), now=now)


async def _one_of(
    session: AsyncSession, held: Dispatch, own: Dispatch, *, now: datetime
) -> Dispatch:
    """Of two parts the heir goes on with the foremost: it does not hold an order twice."""
    kept, left = (held, own) if held.leads else (own, held)
    await sending.end(session, left, DispatchAction.WITHDRAW, now=now)
    await session.flush()
    return kept


def _instead(units: Sequence[str], unit: str, heir: str) -> list[str]:
    return list(dict.fromkeys(heir if one == unit else one for one in units))
