"""Finding requests for more time."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of, within
from services.tasks.extensions.domain import ExtensionStatus
from services.tasks.extensions.tables import OrderExtension
from services.tasks.orders.queries import reached

EXTENSIONS = Listing(
    "order-extensions",
    key=OrderExtension.id,
    sorts={"asked_at": OrderExtension.asked_at, "due_before": OrderExtension.due_before},
    default="-asked_at",
    filters={
        "region": within(OrderExtension.region_code, "行政区划 / division"),
        "unit": equals(OrderExtension.unit, str, "申请单位 / the unit that asks"),
        "status": one_of(OrderExtension.status, ExtensionStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[OrderExtension]:
    """What an actor may list: their unit's, and their subtree's where their role allows."""
    own = OrderExtension.unit == by.unit
    return select(OrderExtension).where(reached(by, own=own, at=OrderExtension.region_code))


async def get(session: AsyncSession, extension_id: UUID) -> OrderExtension:
    """One request. Whoever decides on it locks its order before."""
    found = await session.get(OrderExtension, extension_id, populate_existing=True)
    if found is None:
        raise NotFound(
            f"没有编号为 {extension_id} 的延期申请", f"No request has the id {extension_id}."
        )
    return found


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[OrderExtension]:
    """Every request about an order, oldest first."""
    chosen = select(OrderExtension).where(OrderExtension.order_id == order_id)
    return (await session.scalars(chosen.order_by(OrderExtension.id))).all()


async def waiting(session: AsyncSession, dispatch_id: UUID) -> bool:
    """Whether a request about a part waits for its decision."""
    chosen = select(OrderExtension.id).where(
        OrderExtension.dispatch_id == dispatch_id, OrderExtension.status == ExtensionStatus.ASKED
    )
    return await session.scalar(chosen.limit(1)) is not None


async def awaited_of(
    session: AsyncSession, *, deciders: Collection[str]
) -> Sequence[OrderExtension]:
    """The requests that one of some units decides on; who changes one locks its order before."""
    chosen = select(OrderExtension).where(
        OrderExtension.decider.in_(deciders), OrderExtension.status == ExtensionStatus.ASKED
    )
    return (await session.scalars(chosen.order_by(OrderExtension.id))).all()
