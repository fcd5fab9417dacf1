"""Finding what stands of an accident's figures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents.tables import Accident
from services.incidents.reports.tables import Report


async def statements(session: AsyncSession, accident_id: UUID) -> Sequence[Report]:
    """Every report of an accident, in the order they were stored."""
    chosen = select(Report).where(Report.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Report.version))).all()


async def last_counted_at(session: AsyncSession, accident_id: UUID) -> datetime | None:
    """When the report was received whose figures stand."""
    chosen = select(func.max(Report.received_at)).where(
        Report.accident_id == accident_id, Report.counted
    )
    return await session.scalar(chosen)


async def first_known_at(session: AsyncSession, accident: Accident) -> datetime:
    """When the accident itself was known to its unit, as its first report says."""
    known = await session.scalar(select(Report.known_at).where(Report.id == accident.id))
    return known or accident.occurred_at
