"""How many cases were closed in time: what their clocks and the days of their approvals say."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from services.incidents.investigations.tables import Investigation, Publication
from services.incidents.statistics import domain_analysis, queries, rules
from services.incidents.statistics.domain import Standing
from services.incidents.statistics.domain_situation import Ratio
from services.incidents.statistics.tables import CountedAccident


async def closed_on_time(session: AsyncSession, *, region: str, month: date) -> Ratio:
    """Of the cases whose last day lies in the year so far, how many were approved by it.

    The last day is the one that the case's own clock came to, which stops with the approval;
    while an appraisal goes on there is none. Where a government does not keep its cases here,
    publication stands for the approval, which it can only follow: none is counted too early.
    """
    first = date(month.year, 1, 1)
    last = calendar.period_of(month, calendar.Cadence.MONTH)[1]
    approved_on = cast(func.timezone("Asia/Shanghai", Investigation.approved_at), Date)
    closed_on = func.coalesce(approved_on, Publication.published_on)
    published = and_(
        Publication.accident_id == Investigation.accident_id,
        Publication.generation == Investigation.generation,
    )
    chosen = (
        select(
            func.count().label("due"),
            func.count().filter(closed_on <= Investigation.case_due_on).label("closed"),
        )
        .select_from(Investigation)
        .join(CountedAccident, CountedAccident.accident_id == Investigation.accident_id)
        .outerjoin(Publication, published)
        .where(
            Investigation.case_due_on.between(first, last),
            CountedAccident.standing == Standing.COUNTED,
            queries.inside(region, CountedAccident.region_code, CountedAccident.park_code),
        )
    )
    row = (await session.execute(chosen)).one()
    percent = rules.percent(row.closed, row.due)
    reason = domain_analysis.ZERO_BASE if percent is None else None
    return Ratio(part=row.closed, whole=Decimal(row.due), percent=percent, reason=reason)
