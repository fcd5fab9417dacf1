"""Putting a month's analysis together: the sums, and everything that stands beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.db import count_at_large
from reference import regions
from services.incidents.entries import queries as entries
from services.incidents.statistics import (
    domain_analysis,
    domain_forecast,
    domain_targets,
    queries,
    queries_closure,
    queries_recount,
    rules,
)
from services.incidents.statistics.domain import ZERO, Measures, Standing
from services.incidents.statistics.domain_analysis import Breakdown, Compared, Line, Period
from services.incidents.statistics.domain_situation import (
    Analysis,
    Base,
    Basis,
    Entries,
    FigureKind,
    Ratio,
    Revision,
    Stated,
)
from services.incidents.statistics.domain_targets import NOT_STATED, Facts
from services.incidents.statistics.queries import Span
from services.incidents.statistics.tables import Bulletin

ANALYSIS: TypeAdapter[Analysis] = TypeAdapter(Analysis)
"""Reads and writes an analysis as JSON."""

_SECTOR = "construction"
_FOREST_FIRE = "forest_fire"


async def analyse(
    session: AsyncSession, *, region: str, month: date, basis: Basis, now: datetime
) -> Analysis:
    """The situation of a place in a month, as its accidents stand now."""
    period = Period(month=month)
    span = Span(region=region, first=period.first, last=month)
    if basis is Basis.RECOUNT:
        await count_at_large(session)
    read = queries.sums if basis is Basis.ROLLUP else queries_recount.sums
    sums = await read(session, span)
    total = domain_analysis.whole(sums.months, period)
    parts = domain_analysis.breakdowns(sums, period, region=region)
    stated = await _stated(session, region=region, month=month)
    base = await _base(session, region=region, year=month.year)
    closed = await queries_closure.closed_on_time(
        session, region=region, month=month, basis=basis, today=calendar.day_of(now)
    )
    built = domain_analysis.year_before(sums, period, sector=_SECTOR)
    facts = _facts(total, parts, stated, month=month, base=base, built=built, closed=closed)
    issued = await issued_before(session, region=region, month=month)
    place = regions.region(region)
    now_counted = total.cumulative.now
    return Analysis(
        region_code=region,
        zh=place.zh,
        en=place.en,
        month=month,
        made_at=now.astimezone(calendar.SHANGHAI),
        basis=basis,
        total=total,
        struck_off=domain_analysis.whole(sums.months, period, standing=Standing.STRUCK_OFF),
        left_out=domain_analysis.whole(sums.months, period, standing=Standing.LEFT_OUT),
        breakdowns=parts,
        series=_with_issued(domain_analysis.series(sums.months, period), issued),
        forecast_accidents=domain_forecast.year_end(now_counted.accidents, months=month.month),
        forecast_deaths=domain_forecast.year_end(now_counted.deaths, months=month.month),
        stated=tuple(stated.values()),
        share_of_province=facts.share,
        closed_on_time=closed,
        construction_death_rate=facts.construction_death_rate,
        base=base,
        entries=await _entries(session, region=region, month=month),
        revision=await _revision(session, issued, span=span),
        targets=tuple(domain_targets.targets(facts, region=region, year=month.year)),
        discrepancies=domain_analysis.reconcile(total, parts),
    )


def _facts(
    total: Line,
    parts: Sequence[Breakdown],
    stated: Mapping[FigureKind, Stated],
    *,
    month: date,
    base: Base | None,
    built: Measures,
    closed: Ratio,
) -> Facts:
    found = {(part.by, line.code): line.cumulative for part in parts for line in part.lines}
    nothing = domain_analysis.compared(ZERO, ZERO)
    construction = found.get(("sector", _SECTOR), nothing)
    forest_fires = found.get(("type", _FOREST_FIRE), nothing)
    output = stated.get(FigureKind.CONSTRUCTION_OUTPUT)
    return Facts(
        months=month.month,
        total=total.cumulative,
        forest_fires=forest_fires.now,
        construction=construction,
        construction_base=built,
        construction_output=output.value if output is not None else None,
        base=base,
        share=_share(total.cumulative.now, stated.get(FigureKind.PROVINCE_ACCIDENTS)),
        closed=closed,
        construction_death_rate=_death_rate(construction, output),
    )


def _share(now: Measures, province: Stated | None) -> Ratio:
    if province is None:
        return Ratio(part=now.accidents, whole=None, percent=None, reason=NOT_STATED)
    percent = rules.percent(now.accidents, province.value)
    return Ratio(
        part=now.accidents,
        whole=province.value,
        percent=percent,
        reason=domain_analysis.ZERO_BASE if percent is None else None,
        source=province.source,
    )


def _death_rate(construction: Compared, output: Stated | None) -> Decimal | None:
    if output is None:
        return None
    return rules.death_rate(deaths=construction.now.deaths, output_yi=output.value)


async def _stated(
    session: AsyncSession, *, region: str, month: date
) -> Mapping[FigureKind, Stated]:
    rows = await queries.stated(session, region=region, month=month)
    return {
        FigureKind(row.kind): Stated(
            kind=FigureKind(row.kind),
            value=row.value,
            source=row.source,
            published_on=row.published_on,
            version=row.version,
        )
        for row in rows
    }


async def _base(session: AsyncSession, *, region: str, year: int) -> Base | None:
    frozen = await queries.frozen_base(session, region=region, year=year)
    if frozen is None:
        return None
    accidents, deaths = await queries.struck_off_base(session, region=region, year=year)
    return Base(
        year=year,
        accidents=frozen.accidents,
        deaths=frozen.deaths,
        frozen_at=frozen.frozen_at,
        struck_off_accidents=accidents,
        struck_off_deaths=deaths,
        adjusted_accidents=frozen.accidents - accidents,
        adjusted_deaths=frozen.deaths - deaths,
    )


def _last_day(month: date) -> date:
    return calendar.period_of(month, calendar.Cadence.MONTH)[1]


async def _entries(session: AsyncSession, *, region: str, month: date) -> Entries:
    since = datetime.combine(month, time(), tzinfo=calendar.SHANGHAI)
    found = await entries.punctuality(
        session,
        prefix=regions.prefix(region),
        since=since,
        before=calendar.closes_at(_last_day(month)),
    )
    return Entries(
        asked=found.entries,
        entered_late=found.entered_late,
        completed_late=found.completed_late,
    )


_ISSUED = (
    select(Bulletin)
    .where(
        Bulletin.region_code == bindparam("region"),
        Bulletin.month.between(bindparam("january"), bindparam("month")),
    )
    .order_by(Bulletin.month, Bulletin.edition)
)


async def issued_before(
    session: AsyncSession, *, region: str, month: date
) -> Mapping[date, Bulletin]:
    """The newest edition of each bulletin of the year, up to and with a month."""
    within = {"region": region, "january": date(month.year, 1, 1), "month": month}
    return {row.month: row for row in await session.scalars(_ISSUED, within)}


def _with_issued(
    points: Sequence[domain_analysis.Point], issued: Mapping[date, Bulletin]
) -> tuple[domain_analysis.Point, ...]:
    return tuple(
        replace(point, issued_accidents=figures.accidents, issued_deaths=figures.deaths)
        if (figures := _issued_figures(issued.get(point.month)))
        else point
        for point in points
    )


def _issued_figures(bulletin: Bulletin | None) -> Measures | None:
    if bulletin is None:
        return None
    return ANALYSIS.validate_python(bulletin.analysis).total.cumulative.now


async def _revision(
    session: AsyncSession, issued: Mapping[date, Bulletin], *, span: Span
) -> Revision | None:
    """Against the last bulletin before this month; what it counted may have changed since."""
    earlier = [month for month in issued if month < span.last]
    figures = _issued_figures(issued[earlier[-1]]) if earlier else None
    if figures is None:
        return None
    until = issued[earlier[-1]]
    year = Span(region=span.region, first=date(span.last.year, 1, 1), last=until.month)
    left_accidents, left_deaths = await queries.left_since(session, year, since=until.issued_at)
    now = await _counted(session, year)
    return Revision(
        month=until.month,
        issued_accidents=figures.accidents,
        issued_deaths=figures.deaths,
        now_accidents=now.accidents,
        now_deaths=now.deaths,
        left_accidents=left_accidents,
        left_deaths=left_deaths,
        other_accidents=now.accidents - figures.accidents + left_accidents,
        other_deaths=now.deaths - figures.deaths + left_deaths,
    )


async def _counted(session: AsyncSession, span: Span) -> Measures:
    months = await queries.months(session, span)
    return domain_analysis.whole(months, Period(month=span.last)).cumulative.now
