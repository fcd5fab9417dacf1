"""Finding the parts of an order."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing, before, equals, one_of, since, within
from reference.terms import OrderClass
from services.tasks.dispatches.domain import LIVE, DispatchStatus, Part
from services.tasks.dispatches.tables import Dispatch
from services.tasks.orders import queries as orders
from services.tasks.orders.queries import reached
from services.tasks.orders.tables import Order

DISPATCHES = Listing(
    "dispatches",
    key=Dispatch.id,
    sorts={"due_at": Dispatch.due_at, "sent_at": Dispatch.sent_at},
    default="due_at",
    filters={
        "region": within(Dispatch.region_code, "行政区划 / division"),
        "unit": equals(Dispatch.unit, str, "承办单位 / the unit that holds it"),
        "part": one_of(Dispatch.part, Part, "主办或协办 / parts"),
        "order": equals(Dispatch.order_id, UUID, "工单编号 / order"),
        "order_class": one_of(Dispatch.order_class, OrderClass, "工单类别 / classes"),
        "matter": equals(Dispatch.matter, str, "事项 / matter"),
        "status": one_of(Dispatch.status, DispatchStatus, "状态 / states"),
        "overdue": Filter(
            bool,
            lambda late: Dispatch.overdue_at.is_not(None).is_(late),
            "是否逾期 / whether it is overdue",
        ),
        "since": since(Dispatch.sent_at, "派单时间起 / sent at or after"),
        "before": before(Dispatch.sent_at, "派单时间止 / sent before"),
        "due_before": before(Dispatch.due_at, "期限早于 / due before"),
    },
)


def reached_by(by: Principal) -> Select[Dispatch]:
    """What an actor may list: their unit's parts, and their subtree's where their role allows."""
    return select(Dispatch).where(
        reached(by, own=Dispatch.unit == by.unit, at=Dispatch.region_code)
    )


async def get(session: AsyncSession, dispatch_id: UUID) -> Dispatch:
    """One unit's part. Whoever changes it locks its order before."""
    found = await session.get(Dispatch, dispatch_id, populate_existing=True)
    if found is None:
        raise NotFound(f"没有编号为 {dispatch_id} 的派单", f"No dispatch has the id {dispatch_id}.")
    return found


async def locked(session: AsyncSession, part: Dispatch) -> tuple[Order, Dispatch]:
    """A part with its order, as both stand now that nobody else changes them."""
    order = await orders.get(session, part.order_id, lock=True)
    return order, await get(session, part.id)


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[Dispatch]:
    """Every part of an order that there ever was, oldest first."""
    chosen = select(Dispatch).where(Dispatch.order_id == order_id)
    return (await session.scalars(chosen.order_by(Dispatch.id))).all()


async def live(session: AsyncSession, order_id: UUID) -> Sequence[Dispatch]:
    """The parts of an order that units hold now, locked, oldest first."""
    chosen = select(Dispatch).where(Dispatch.order_id == order_id, Dispatch.status.in_(LIVE))
    return (await session.scalars(chosen.order_by(Dispatch.id).with_for_update())).all()


async def waiting(session: AsyncSession, *, deciders: Collection[str]) -> Sequence[Dispatch]:
    """What came back and waits for one of some units; whoever changes it locks its order."""
    chosen = select(Dispatch).where(
        Dispatch.decider.in_(deciders), Dispatch.status == DispatchStatus.RETURNING
    )
    return (await session.scalars(chosen.order_by(Dispatch.id))).all()


async def returners(session: AsyncSession, order_id: UUID) -> frozenset[str]:
    """The units that an order came back from, or that were freed of it by decision."""
    gone = (DispatchStatus.RETURNED, DispatchStatus.RELEASED)
    chosen = select(Dispatch.unit).where(
        Dispatch.order_id == order_id, Dispatch.status.in_(gone), Dispatch.part == Part.LEAD
    )
    return frozenset(await session.scalars(chosen))
