"""Reads visits."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.inspections.visits.domain import Status, VisitKind
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


def matching(
    *,
    enterprise: str | None = None,
    region: str | None = None,
    unit: str | None = None,
    origin: UUID | None = None,
    status: Status | None = None,
) -> Select[Visit]:
    """Visits by enterprise, place, unit, what ordered them and where they stand."""
    exact = {
        Visit.uscc: enterprise,
        Visit.unit: unit,
        Visit.origin: origin,
        Visit.status: status,
    }
    wanted = (column == value for column, value in exact.items() if value is not None)
    found = select(Visit).where(*wanted)
    if region:
        found = found.where(Visit.region_code.startswith(region, autoescape=True))
    return found
