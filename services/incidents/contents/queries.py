"""What the reports of an accident have said so far."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents.tables import Accident
from services.incidents.reports.tables import Report


async def reports(session: AsyncSession, accident_id: UUID) -> Sequence[Report]:
    """Every report of an accident, in the order they were made."""
    chosen = select(Report).where(Report.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Report.version))).all()


def said(accident: Accident, reports: Sequence[Report]) -> frozenset[str]:
    """The fields in which any of the reports has said something."""
    known = {name for name in ("enterprise_uscc", "enterprise_name") if getattr(accident, name)}
    return frozenset(known.union(*(report.stated for report in reports)))
