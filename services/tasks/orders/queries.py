"""Finding orders and what was done with them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, false, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from kernel.access import NotFound, Principal, Relation
from kernel.listing import Filter, Listing, before, equals, one_of, since, within
from reference.terms import Hotline, OrderClass
from services.tasks.orders.domain import OPEN, OrderStatus
from services.tasks.orders.tables import Order, OrderEntry
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct

ORDERS = Listing(
    "orders",
    key=Order.id,
    sorts={"received_at": Order.received_at, "answered_at": Order.answered_at},
    default="-received_at",
    filters={
        "region": within(Order.region_code, "行政区划 / division"),
        "hotline": one_of(Order.hotline, Hotline, "热线 / hotlines"),
        "order_class": one_of(Order.order_class, OrderClass, "工单类别 / classes"),
        "matter": equals(Order.matter, str, "事项 / matter"),
        "status": one_of(Order.status, OrderStatus, "状态 / states"),
        "lead": equals(Order.lead, str, "主办单位 / the unit that leads"),
        "enterprise": equals(Order.enterprise_uscc, str, "涉及企业 / enterprise concerned"),
        "merged_into": equals(Order.merged_into, UUID, "并入的工单 / the order it went into"),
        "satisfied": equals(
            Order.satisfied, bool, "回访是否满意 / whether the caller was satisfied"
        ),
        "hazard": Filter(
            bool,
            lambda told: Order.hazard_told_at.is_not(None).is_(told),
            "是否涉及隐患 / whether it speaks of a danger",
        ),
        "since": since(Order.received_at, "受理时间起 / received at or after"),
        "before": before(Order.received_at, "受理时间止 / received before"),
    },
)


def reached_by(by: Principal) -> Select[Order]:
    """What an actor may list: what their unit holds, and their subtree where their role allows."""
    return select(Order).where(reached(by, own=among(Order.units, by.unit), at=Order.region_code))


def reached(
    by: Principal, *, own: ColumnElement[bool], at: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """What is the actor's `own`, and what stands in their subtree if they read its orders."""
    reads_below = Relation.SUBTREE in POLICIES.granted(by, OrderAct.READ_ORDERS)
    if by.region is None or not reads_below:
        return own
    return or_(own, at.startswith(by.region, autoescape=True))


def among(units: InstrumentedAttribute[list[str]], unit: str | None) -> ColumnElement[bool]:
    """Whether a unit is one of a row's; an index on its units serves."""
    return type_coerce(units, ARRAY(Text)).contains([unit]) if unit else false()


async def find(session: AsyncSession, hotline: str, number: str) -> Order | None:
    """The order a hotline has given that number."""
    chosen = select(Order).where(Order.hotline == hotline, Order.number == number)
    return await session.scalar(chosen)


async def get(session: AsyncSession, order_id: UUID, *, lock: bool = False) -> Order:
    """One order. With `lock`, nobody else changes it until this transaction ends."""
    order = await session.get(Order, order_id, with_for_update=lock or None)
    if order is None:
        raise NotFound(f"没有编号为 {order_id} 的工单", f"No order has the id {order_id}.")
    return order


async def seen(session: AsyncSession, order_id: UUID, *, by: Principal) -> Order:
    """One order, for those who read it; to others it is absent."""
    order = await get(session, order_id)
    POLICIES.require(by, OrderAct.READ_ORDERS, on=order, seen_by=OrderAct.READ_ORDERS)
    return order


async def of_lead(session: AsyncSession, lead_id: UUID) -> Order | None:
    """The order that a sign of an accident came from, if it came from one."""
    return await session.scalar(select(Order).where(Order.lead_id == lead_id))


async def merged_into(session: AsyncSession, order_id: UUID) -> Sequence[Order]:
    """The orders that go on as this one, locked, oldest first."""
    chosen = select(Order).where(Order.merged_into == order_id, Order.status == OrderStatus.MERGED)
    return (await session.scalars(chosen.order_by(Order.id).with_for_update())).all()


async def held_by(session: AsyncSession, unit: str) -> Sequence[Order]:
    """The orders that a unit handles, may have to handle once more, or took in, locked."""
    chosen = select(Order).where(
        or_(among(Order.units, unit), Order.unit == unit),
        Order.status.in_({*OPEN, OrderStatus.ANSWERED}),
    )
    return (await session.scalars(chosen.order_by(Order.id).with_for_update())).all()


async def entries(session: AsyncSession, order_id: UUID) -> Sequence[OrderEntry]:
    """Every step taken with an order, oldest first."""
    chosen = select(OrderEntry).where(OrderEntry.order_id == order_id)
    return (await session.scalars(chosen.order_by(OrderEntry.at, OrderEntry.id))).all()
