"""Finding who held an investigation and what was published."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.investigations.tables import Assignment, Publication


async def assignments(session: AsyncSession, accident_id: UUID) -> Sequence[Assignment]:
    """Every holder the investigation had, oldest first."""
    chosen = select(Assignment).where(Assignment.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Assignment.version))).all()


async def publication(session: AsyncSession, accident_id: UUID) -> Publication | None:
    """What was published, if it was."""
    return await session.get(Publication, accident_id)
