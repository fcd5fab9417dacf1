"""Finding objections."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of, within
from services.tasks.objections.domain import WAITING, ObjectionStatus
from services.tasks.objections.tables import Objection
from services.tasks.orders.queries import among, reached

OBJECTIONS = Listing(
    "objections",
    key=Objection.id,
    sorts={"made_at": Objection.made_at},
    default="-made_at",
    filters={
        "region": within(Objection.region_code, "行政区划 / division"),
        "order": equals(Objection.order_id, UUID, "工单编号 / order"),
        "unit": equals(Objection.unit, str, "提出单位 / the unit that objects"),
        "named": equals(Objection.named, str, "所指单位 / the unit it names"),
        "status": one_of(Objection.status, ObjectionStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[Objection]:
    """What an actor may list: those their unit is a party to, and those of their subtree."""
    own = among(Objection.units, by.unit)
    return select(Objection).where(reached(by, own=own, at=Objection.region_code))


async def get(session: AsyncSession, objection_id: UUID, *, lock: bool = False) -> Objection:
    """One objection. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Objection, objection_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(
            f"没有编号为 {objection_id} 的异议", f"No objection has the id {objection_id}."
        )
    return found


async def waiting(session: AsyncSession, unit: str) -> Sequence[Objection]:
    """What is still to be settled that a unit is a party to, locked."""
    chosen = select(Objection).where(among(Objection.units, unit), Objection.status.in_(WAITING))
    return (await session.scalars(chosen.order_by(Objection.id).with_for_update())).all()


async def awaited_of(session: AsyncSession, *, deciders: Collection[str]) -> Sequence[Objection]:
    """What one of some units has to settle; whoever changes it locks its order before."""
    chosen = select(Objection).where(Objection.decider.in_(deciders), Objection.status.in_(WAITING))
    return (await session.scalars(chosen.order_by(Objection.id))).all()
