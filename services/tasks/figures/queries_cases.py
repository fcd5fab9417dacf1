"""How many investigations were closed in time (按期结案)."""

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.figures import queries
from services.tasks.figures.queries import Span
from services.tasks.figures.tables import CountedAccident, CountedCase


async def closed_in_time(session: AsyncSession, *, region: str, span: Span) -> tuple[int, int]:
    """Of the cases of a place whose last day lies in a span: those closed by it, and all.

    What is too slight for the statistics is investigated all the same (Decree 493, 44), so its
    case counts; that of an accident that was struck off or goes on as another does not.
    """
    closed_on = func.coalesce(CountedCase.approved_on, CountedCase.published_on)
    counted = (
        select(func.count().filter(closed_on <= CountedCase.due_on), func.count())
        .select_from(CountedCase)
        .join(CountedAccident, CountedAccident.accident_id == CountedCase.accident_id)
        .where(
            and_(CountedCase.due_on >= span.first, CountedCase.due_on <= span.last),
            CountedAccident.counts,
            queries.inside(CountedAccident, region),
        )
    )
    closed, due = (await session.execute(counted)).one()
    return int(closed), int(due)
