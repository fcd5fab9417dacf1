"""Finding the orders that a new one may repeat, and what was decided on likenesses."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of, within
from reference.cityrows import Place
from services.tasks.callers.tables import Caller
from services.tasks.orders.domain import OPEN
from services.tasks.orders.tables import Order
from services.tasks.repeats import rules
from services.tasks.repeats.domain import RepeatStatus
from services.tasks.repeats.rules import Told
from services.tasks.repeats.tables import OrderRepeat

MOST_COMPARED = 500

REPEATS = Listing(
    "repeats",
    key=OrderRepeat.id,
    sorts={"found_at": OrderRepeat.found_at, "score": OrderRepeat.score},
    default="-found_at",
    filters={
        "region": within(OrderRepeat.region_code, "行政区划 / division"),
        "order": equals(OrderRepeat.order_id, UUID, "后收工单 / the later order"),
        "other": equals(OrderRepeat.other_id, UUID, "先收工单 / the earlier order"),
        "status": one_of(OrderRepeat.status, RepeatStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[OrderRepeat]:
    """What an actor may list: those of their subtree."""
    if by.region is None:
        return select(OrderRepeat).where(false())
    below = OrderRepeat.region_code.startswith(by.region, autoescape=True)
    return select(OrderRepeat).where(below)


async def get(session: AsyncSession, repeat_id: UUID, *, lock: bool = False) -> OrderRepeat:
    """One likeness. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(OrderRepeat, repeat_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有编号为 {repeat_id} 的疑似重复", f"No likeness has the id {repeat_id}.")
    return found


async def repeats_another(session: AsyncSession, order_id: UUID) -> bool:
    """Whether somebody saw that an earlier order is about the same matter."""
    chosen = select(OrderRepeat.id).where(
        OrderRepeat.order_id == order_id, OrderRepeat.status == RepeatStatus.MERGED
    )
    return await session.scalar(chosen.limit(1)) is not None


async def open_near(
    session: AsyncSession, order: Order, *, on: date
) -> Sequence[tuple[Order, bytes | None]]:
    """The orders of the same place that still wait for an answer, with whose they are, sealed."""
    chosen = (
        select(Order, Caller.same)
        .outerjoin(Caller, Caller.id == Order.caller_id)
        .where(
            Order.region_code == order.region_code,
            Order.received_at >= order.received_at - rules.farthest_apart(on=on),
            Order.status.in_(OPEN),
            Order.id != order.id,
        )
        .order_by(Order.received_at.desc(), Order.id)
        .limit(MOST_COMPARED)
    )
    return [(row[0], row[1]) for row in await session.execute(chosen)]


def told(order: Order, *, same: bytes | None) -> Told:
    """An order as repeats are recognised by it."""
    at = (order.lon, order.lat)
    point = Place(lon=at[0], lat=at[1]) if at[0] is not None and at[1] is not None else None
    return Told(
        matter=order.matter,
        place=order.place,
        caller=same,
        enterprise=order.enterprise_uscc,
        point=point,
    )
