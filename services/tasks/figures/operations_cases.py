"""Keep the cases of investigations: by when each is due, and when it was closed."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.figures.tables import CountedCase


async def reckon(
    session: AsyncSession, *, accident_id: UUID, generation: int, due_on: date | None
) -> None:
    """Keep the last day on which the case is closed in time."""
    (await _case(session, accident_id, generation)).due_on = due_on


async def approve(session: AsyncSession, *, accident_id: UUID, generation: int, on: date) -> None:
    """Its report was approved: that closes it."""
    (await _case(session, accident_id, generation)).approved_on = on


async def publish(session: AsyncSession, *, accident_id: UUID, generation: int, on: date) -> None:
    """Its report was published, which can only follow the approval."""
    (await _case(session, accident_id, generation)).published_on = on


async def _case(session: AsyncSession, accident_id: UUID, generation: int) -> CountedCase:
    row = await session.get(CountedCase, (accident_id, generation), with_for_update=True)
    if row is None:
        row = CountedCase(accident_id=accident_id, generation=generation)
        session.add(row)
    return row
