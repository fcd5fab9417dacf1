"""How many cases were closed in time: what the accidents and their publications say."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import Date, case, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference.terms import Grade
from services.incidents.accidents.tables import Accident
from services.incidents.investigations.tables import Publication
from services.incidents.statistics import domain_analysis, queries, rules
from services.incidents.statistics.domain_situation import Ratio


async def closed_on_time(session: AsyncSession, *, region: str, month: date) -> Ratio:
    """Of the cases whose last day lies in the year so far, how many were closed by it.

    Publication stands for the approval, which it can only follow: none is counted too early.
    """
    first = date(month.year, 1, 1)
    last = calendar.period_of(month, calendar.Cadence.MONTH)[1]
    happened = cast(func.timezone("Asia/Shanghai", Accident.occurred_at), Date)
    days = {str(grade): (_due(grade, on=first) - first).days for grade in Grade}
    due = happened + case({code: literal(n) for code, n in days.items()}, value=Accident.grade)
    earliest = first - timedelta(days=max(days.values()))
    since = datetime.combine(earliest, time(), tzinfo=calendar.SHANGHAI)
    inside = queries.standing_in(region, Accident.region_code)
    chosen = (
        select(
            func.count().label("due"),
            func.count().filter(Publication.published_on <= due).label("closed"),
        )
        .select_from(Accident)
        .outerjoin(Publication, Publication.accident_id == Accident.id)
        .where(inside, Accident.occurred_at >= since, due >= first, due <= last)
    )
    row = (await session.execute(chosen)).one()
    percent = rules.percent(row.closed, row.due)
    reason = domain_analysis.ZERO_BASE if percent is None else None
    return Ratio(part=row.closed, whole=Decimal(row.due), percent=percent, reason=reason)


def _due(grade: Grade, *, on: date) -> date:
    return rules.closure_due(occurred_on=on, grade=grade)
