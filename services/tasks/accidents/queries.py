"""Reads whether an accident counts, for what it once asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db import everywhere
from services.tasks.accidents.tables import Accident


async def struck_off_at(session: AsyncSession, origin: UUID) -> datetime | None:
    """Since when what asked for something is no production-safety accident.

    None of one that is, and of what is no accident at all. Whoever reviews what a unit did need
    not reach the place of the accident.
    """
    async with everywhere(session):
        found = select(Accident.struck_off_at).where(Accident.accident_id == origin)
        return await session.scalar(found)
