"""Finding reports and their corrections."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.corrections.tables import Correction
from services.incidents.reports.tables import Report


async def report(session: AsyncSession, report_id: UUID) -> Report:
    """One report as it was made."""
    found = await session.get(Report, report_id)
    if found is None:
        raise NotFound
    return found


async def of_report(session: AsyncSession, report_id: UUID) -> Sequence[Correction]:
    """The corrections of a report, oldest first."""
    chosen = select(Correction).where(Correction.report_id == report_id)
    return (await session.scalars(chosen.order_by(Correction.version))).all()
