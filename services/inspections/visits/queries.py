"""Reads visits."""

from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of, within
from services.inspections.visits.domain import Status, VisitKind, VisitSource
from services.inspections.visits.tables import Visit


async def get(session: AsyncSession, visit_id: UUID, *, lock: bool = False) -> Visit:
    """One visit. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Visit, visit_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有检查 {visit_id}。", f"There is no visit {visit_id}.")
    return found


async def ordered_for(session: AsyncSession, origin: UUID, *, kind: VisitKind) -> Visit | None:
    """The visit that an event ordered, if it did."""
    return await session.scalar(select(Visit).where(Visit.origin == origin, Visit.kind == kind))


VISITS = Listing(
    "visits",
    key=Visit.id,
    sorts={"due_on": Visit.due_on, "opened_at": Visit.opened_at},
    default="due_on",
    filters={
        "region": within(Visit.region_code, "行政区划 / division"),
        "unit": equals(Visit.unit, str, "检查单位 / the unit that inspects"),
        "enterprise": equals(Visit.uscc, str, "企业 / the enterprise"),
        "origin": equals(Visit.origin, UUID, "来源事故或工单 / the accident or the order"),
        "kind": one_of(Visit.kind, VisitKind, "类别 / kinds"),
        "source": one_of(Visit.source, VisitSource, "来源 / sources"),
        "status": one_of(Visit.status, Status, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[Visit]:
    """What an actor may list: an enterprise its own, others their unit's and their subtree's."""
    found = select(Visit)
    if by.uscc is not None:
        return found.where(Visit.shown_to == by.uscc)
    own = Visit.unit == by.unit if by.unit else false()
    if by.region is None:
        return found.where(own)
    return found.where(or_(own, Visit.region_code.startswith(by.region, autoescape=True)))
