"""Finding changes of counts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.reports.tables import Report
from services.incidents.tolls.tables import TollChange


async def get(session: AsyncSession, report_id: UUID, *, lock: bool = False) -> TollChange:
    """What a report changed. With `lock`, nobody else changes it meanwhile."""
    change = await session.get(TollChange, report_id, with_for_update=lock or None)
    if change is None:
        raise NotFound(
            f"报告 {report_id} 未改变伤亡人数", f"The report {report_id} changed no counts."
        )
    return change


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[TollChange]:
    """Every change of an accident's counts, oldest first."""
    chosen = select(TollChange).where(TollChange.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(TollChange.version))).all()


async def before(session: AsyncSession, report: Report) -> Report | None:
    """The report whose figures stood when another one came."""
    chosen = select(Report).where(
        Report.accident_id == report.accident_id,
        Report.version < report.version,
        Report.counted,
    )
    return (await session.scalars(chosen.order_by(Report.version.desc()).limit(1))).one_or_none()
