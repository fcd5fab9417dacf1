"""Reading the answers to the four questions."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.closings.tables import ClosingCheck
from services.incidents.investigations.tables import Investigation


async def answers(session: AsyncSession, case: Investigation) -> dict[str, ClosingCheck]:
    """The newest answer to each question."""
    chosen = select(ClosingCheck).where(
        ClosingCheck.accident_id == case.accident_id, ClosingCheck.generation == case.generation
    )
    rows = await session.scalars(chosen.order_by(ClosingCheck.version))
    return {row.question: row for row in rows}
