"""Building the sums of a year anew from the ledger, and saying where they had been wrong."""

from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, timers
from kernel.access import Place, Principal
from reference import city
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.scores import queries
from services.tasks.scores.tables import ScoreLine, ScoreSum

RECOUNT_DUE = "score_recount_due"
_RULE = "platform scoring"
_LOCK = text("LOCK TABLE score_sum IN EXCLUSIVE MODE")


async def order(session: AsyncSession, *, by: Principal, now: datetime) -> range:
    """Have the sums of every year that has lines built anew, soon; of which years."""
    here = Place(city.current().code)
    POLICIES.require(by, ScoreAct.COMPUTE_SCORES, on=here, seen_by=ScoreAct.READ_RANKINGS)
    ends = select(func.min(ScoreLine.first), func.max(ScoreLine.first))
    oldest, newest = (await session.execute(ends)).one()
    years = range(oldest.year, newest.year + 1) if oldest else range(0)
    for year in years:
        await timers.arm(
            session, kind=RECOUNT_DUE, entity_id=str(year), due_at=now, rule=_RULE, reason="ordered"
        )
    audit.note(session, by=by, act="score.recount", entity="score_sum", entity_id="all")
    return years


async def count_year_anew(session: AsyncSession, *, year: int) -> int:
    """Build the sums of periods that begin in a year from their lines; how many sums there are.

    Readers see the old ones until then, and whoever writes lines waits.
    """
    within = (ScoreSum.first >= date(year, 1, 1), ScoreSum.first <= date(year, 12, 31))
    lines = (ScoreLine.first >= date(year, 1, 1), ScoreLine.first <= date(year, 12, 31))
    await session.execute(_LOCK)
    await session.execute(delete(ScoreSum).where(*within))
    counted = queries.summed().where(*lines)
    names = [column.name for column in counted.selected_columns]
    found = await session.execute(insert(ScoreSum).from_select(names, counted))
    return int(found.rowcount)  # type: ignore[attr-defined]  # a cursor result has one
