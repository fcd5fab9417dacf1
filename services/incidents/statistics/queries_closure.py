"""How many cases were closed in time: what their clocks and the days of their approvals say."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import city
from reference.city import City
from services.incidents.investigations.tables import Investigation, Publication
from services.incidents.statistics import domain_analysis, queries, rules
from services.incidents.statistics.domain import Standing
from services.incidents.statistics.domain_situation import Basis, Ratio
from services.incidents.statistics.tables import ClosureSum, CountedAccident, CountedCase


def cases() -> Select[UUID, int, str | None, str, str, date, bool]:
    """Every case that has a last day and counts, as it stands now: the columns of `CountedCase`.

    The last day is the one that the case's own clock came to, which stops with the approval;
    while an appraisal goes on there is none. What is too slight for the statistics is
    investigated all the same (Decree 493, 44), so its case counts. Where a government does not
    keep its cases here, publication stands for the approval, which it can only follow: none is
    counted too early.
    """
    approved_on = cast(func.timezone("Asia/Shanghai", Investigation.approved_at), Date)
    closed_on = func.coalesce(approved_on, Publication.published_on)
    published = and_(
        Publication.accident_id == Investigation.accident_id,
        Publication.generation == Investigation.generation,
    )
    month = cast(func.date_trunc("month", Investigation.case_due_on), Date)
    return (
        select(
            Investigation.accident_id.label("accident_id"),
            Investigation.generation.label("generation"),
            CountedAccident.enterprise_uscc.label("enterprise_uscc"),
            CountedAccident.region_code.label("region_code"),
            CountedAccident.park_code.label("park_code"),
            month.label("month"),
            func.coalesce(closed_on <= Investigation.case_due_on, False).label("closed"),
        )
        .select_from(Investigation)
        .join(CountedAccident, CountedAccident.accident_id == Investigation.accident_id)
        .outerjoin(Publication, published)
        .where(
            Investigation.case_due_on.is_not(None),
            CountedAccident.standing.in_((Standing.COUNTED, Standing.LEFT_OUT)),
        )
    )


async def closed_on_time(
    session: AsyncSession, *, region: str, month: date, basis: Basis, today: date
) -> Ratio:
    """Of the cases whose last day lies in the year so far, how many were approved by it.

    In a month that runs, a case whose last day has not passed counts once it is approved.
    """
    read = _kept if basis is Basis.ROLLUP else _counted
    due, closed = await read(session, region=region, first=date(month.year, 1, 1), month=month)
    due -= await _to_come(session, region=region, month=month, today=today, basis=basis)
    percent = rules.percent(closed, due)
    reason = domain_analysis.ZERO_BASE if percent is None else None
    return Ratio(part=closed, whole=Decimal(due), percent=percent, reason=reason)


async def _to_come(
    session: AsyncSession, *, region: str, month: date, today: date, basis: Basis
) -> int:
    """Cases that are not approved and of which nobody can say yet that they are late.

    Of the roll-up only those that it has: what it has not heard of yet is not to leave it.
    """
    last = calendar.period_of(month, calendar.Cadence.MONTH)[1]
    if today > last:
        return 0
    each = cases().where(Investigation.case_due_on.between(today, last)).subquery()
    open_still = each.c.closed.is_(False)
    chosen = select(func.count()).where(
        open_still, queries.inside(region, each.c.region_code, each.c.park_code)
    )
    if basis is Basis.ROLLUP:
        had = and_(
            CountedCase.accident_id == each.c.accident_id,
            CountedCase.generation == each.c.generation,
            CountedCase.month == month,
            CountedCase.closed.is_(False),
        )
        chosen = chosen.select_from(each).where(exists().where(had))
    return await session.scalar(chosen) or 0


async def _kept(session: AsyncSession, *, region: str, first: date, month: date) -> tuple[int, int]:
    within = {"first": first, "month": month}
    due, closed = (await session.execute(_sums(city.current(), region), within)).one()
    return due or 0, closed or 0


@lru_cache(maxsize=128)
def _sums(pack: City, region: str) -> Select[int, int]:  # noqa: ARG001 -- which places are parks
    return select(func.sum(ClosureSum.due), func.sum(ClosureSum.closed)).where(
        queries.inside(region, ClosureSum.region_code, ClosureSum.park_code),
        ClosureSum.month.between(bindparam("first"), bindparam("month")),
    )


async def _counted(
    session: AsyncSession, *, region: str, first: date, month: date
) -> tuple[int, int]:
    each = cases().where(during(first, month)).subquery()
    chosen = select(func.count(), func.count().filter(each.c.closed)).where(
        queries.inside(region, each.c.region_code, each.c.park_code)
    )
    due, closed = (await session.execute(chosen)).one()
    return due, closed


def during(first: date, month: date) -> ColumnElement[bool]:
    """Cases whose last day lies in the months from one to another."""
    last = calendar.period_of(month, calendar.Cadence.MONTH)[1]
    return Investigation.case_due_on.between(first, last)
