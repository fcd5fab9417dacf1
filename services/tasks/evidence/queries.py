"""Reads evidence."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.evidence.tables import Evidence


async def of(session: AsyncSession, obligation_id: UUID) -> Sequence[Evidence]:
    """What was handed in for an obligation, oldest first."""
    found = select(Evidence).where(Evidence.obligation_id == obligation_id)
    return (await session.scalars(found.order_by(Evidence.submitted_at, Evidence.id))).all()
