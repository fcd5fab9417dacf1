"""Finding direct reports."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.directreports.domain import DirectReportStatus
from services.incidents.directreports.tables import DirectReport


async def get(session: AsyncSession, direct_report_id: UUID, *, lock: bool = False) -> DirectReport:
    """One direct report. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(DirectReport, direct_report_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(
            f"没有编号为 {direct_report_id} 的单位直报",
            f"No direct report has the id {direct_report_id}.",
        )
    return found


async def of_accident(
    session: AsyncSession, accident_id: UUID, *, lock: bool = False
) -> Sequence[DirectReport]:
    """The direct reports of an accident, soonest due first, told or not."""
    chosen = select(DirectReport).where(DirectReport.accident_id == accident_id)
    if lock:
        chosen = chosen.with_for_update()
    return (await session.scalars(chosen.order_by(DirectReport.due_at, DirectReport.id))).all()


async def owed(session: AsyncSession, *, unit: str | None, limit: int) -> Sequence[DirectReport]:
    """Direct reports not yet told, soonest due first; those of reports that one desk took.

    Those that a unit owes to a desk are also the desk's own.
    """
    chosen = select(DirectReport).where(DirectReport.status == str(DirectReportStatus.OWED))
    if unit is not None:
        chosen = chosen.where(or_(DirectReport.desk == unit, DirectReport.to_unit == unit))
    ordered = chosen.order_by(DirectReport.due_at, DirectReport.id)
    return (await session.scalars(ordered.limit(limit))).all()
