"""Finding what an accident counts as."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.qualifications.tables import Qualification, QualificationVersion


async def current(session: AsyncSession, accident_id: UUID) -> Qualification | None:
    """What an accident counts as now; None before the first decision."""
    return await session.get(Qualification, accident_id)


async def versions(session: AsyncSession, accident_id: UUID) -> Sequence[QualificationVersion]:
    """Every decision, oldest first."""
    chosen = select(QualificationVersion).where(QualificationVersion.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(QualificationVersion.version))).all()
