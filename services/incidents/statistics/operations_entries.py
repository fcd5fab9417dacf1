"""Asking for the entry of what counts: neither of what is too slight, nor twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents import queries as accidents
from services.incidents.entries import operations as entries
from services.incidents.statistics import queries
from services.incidents.statistics.domain import Standing


async def follow(session: AsyncSession, *, accident_id: UUID, known_at: datetime) -> None:
    """Ask for the entry of an accident, or ask no more, by what is known of it now."""
    accident = await accidents.get(session, accident_id, lock=True)
    standing = await queries.counts_in(session, accident)
    slight = standing is Standing.LEFT_OUT
    await entries.follow(session, accident=accident, slight=slight, known_at=known_at)
