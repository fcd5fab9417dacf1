"""Building the sums anew from the accidents, a year at a time.

Of a million accidents that takes minutes: nobody waits for it, and between two years every
other deadline has its turn.
"""

from datetime import date, datetime

from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, timers
from kernel.access import Place, Principal
from kernel.db import count_at_large
from reference import city
from services.incidents.policies import POLICIES, Act
from services.incidents.statistics import operations_closure, queries_recount
from services.incidents.statistics.tables import CONTRIBUTED, CountedAccident, Statistic

RECOUNT_DUE = "statistics_recount_due"
_RULE = "platform"

_LOCK = text("LOCK TABLE counted_accident IN EXCLUSIVE MODE")


async def order(session: AsyncSession, *, by: Principal, now: datetime) -> range:
    """Have the sums of the whole city built anew, soon; of which years."""
    here = Place(city.current().code)
    POLICIES.require(by, Act.COUNT_ANEW, on=here, seen_by=Act.READ_STATISTICS)
    years = await queries_recount.years(session)
    for year in years:
        await timers.arm(
            session, kind=RECOUNT_DUE, entity_id=str(year), due_at=now, rule=_RULE, reason="ordered"
        )
    audit.note(session, by=by, act=Act.COUNT_ANEW, entity="statistic", entity_id="all")
    return years


async def count_year_anew(session: AsyncSession, *, year: int) -> int:
    """Build a year's sums from its accidents; how many they are.

    Readers see the old sums until then. Handlers wait: they lock the accident they count first.
    """
    first, last = date(year, 1, 1), date(year, 12, 1)
    await session.execute(_LOCK)
    await count_at_large(session)
    await session.execute(delete(Statistic).where(Statistic.month.between(first, last)))
    within = queries_recount.during(first, last)
    each = queries_recount.contributions().where(*within).subquery()
    columns = {name: each.c[name] for name in ("accident_id", "enterprise_uscc", *CONTRIBUTED)}
    since = {"standing_since": each.c.received_at, "counted_at": each.c.received_at}
    values = columns | since
    taken = upsert(CountedAccident).from_select([*values], select(*values.values()))
    renewed = {name: getattr(taken.excluded, name) for name in CONTRIBUTED}
    found = await session.execute(
        taken.on_conflict_do_update(index_elements=["accident_id"], set_=renewed)
    )
    names = [column.name for column in Statistic.__table__.columns]
    rows = queries_recount.rollup(*within)
    await session.execute(insert(Statistic).from_select(names, rows))
    await operations_closure.count_year_anew(session, year=year)
    return int(found.rowcount)  # type: ignore[attr-defined]  # a cursor result has one
