"""Counting the sums of a year anew from the ledger, and mending those that had been wrong."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CTE, ColumnElement, and_, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, timers
from kernel.access import Place, Principal
from kernel.calendar import Cadence
from kernel.db import count_at_large
from reference import city
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.scores import queries
from services.tasks.scores.domain import Sums
from services.tasks.scores.tables import ScoreLine, ScoreSum

RECOUNT_DUE = "score_recount_due"
_RULE = "platform scoring"
_KEY = tuple(column.name for column in ScoreSum.__table__.primary_key)
_SUMMED = tuple(Sums.__slots__)
_LOCK = text("LOCK TABLE score_sum IN EXCLUSIVE MODE")


async def order(session: AsyncSession, *, by: Principal, now: datetime) -> range:
    """Have the sums of every year that has lines counted anew, soon; of which years."""
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
    """Count the sums of periods that begin in a year from their lines; how many were wrong.

    Those that are right are left alone: writing them all again would take longer than counting.
    Readers see the old ones until then, and whoever writes lines waits.
    """
    await session.execute(_LOCK)
    await count_at_large(session)
    wrong = 0
    for cadence in Cadence:  # with the days it is the beginning of the lines' index
        within = _Within(cadence=cadence, first=date(year, 1, 1), last=date(year, 12, 31))
        if not await _all_right(session, within):
            wrong += await _mend(session, within)
    return wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class _Within:
    """Periods of a rhythm that begin in some days."""

    cadence: Cadence
    first: date
    last: date

    def of(self, table: type[ScoreLine] | type[ScoreSum]) -> ColumnElement[bool]:
        return and_(
            table.cadence == self.cadence, table.first >= self.first, table.first <= self.last
        )

    @property
    def counted(self) -> CTE:
        """What the lines come to."""
        return queries.summed().where(self.of(ScoreLine)).cte("counted")


def _right(counted: CTE) -> ColumnElement[bool]:
    return and_(*(getattr(ScoreSum, name) == counted.c[name] for name in (*_KEY, *_SUMMED)))


async def _all_right(session: AsyncSession, within: _Within) -> bool:
    """Whether every sum is what its lines come to. It only reads, on as many cores as there are."""
    counted = within.counted
    matched = counted.outerjoin(ScoreSum, _right(counted))
    found = select(func.count(ScoreSum.subject), func.count()).select_from(matched)
    right, of_lines = (await session.execute(found)).one()
    held = await session.scalar(select(func.count()).where(within.of(ScoreSum)))
    return bool(right == of_lines == held)


async def _mend(session: AsyncSession, within: _Within) -> int:
    """Write the sums that are wrong or missing, and delete those without lines."""
    counted = within.counted
    names = [column.name for column in counted.c]
    wrong = select(counted).where(~exists().where(_right(counted)))
    taken = upsert(ScoreSum).from_select(names, wrong)
    renewed = {name: getattr(taken.excluded, name) for name in _SUMMED}
    mended = await session.execute(taken.on_conflict_do_update(index_elements=_KEY, set_=renewed))
    of_line = and_(*(getattr(ScoreSum, name) == getattr(ScoreLine, name) for name in _KEY))
    left = delete(ScoreSum).where(within.of(ScoreSum), ~exists().where(of_line))
    gone = await session.execute(left)
    return int(mended.rowcount + gone.rowcount)  # type: ignore[attr-defined]  # cursors have it
