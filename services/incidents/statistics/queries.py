"""Reading the sums that handlers keep, and whether an accident counts at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from kernel import calendar
from reference import regions
from services.incidents.accidents import rules as grading
from services.incidents.accidents.tables import Accident
from services.incidents.qualifications import queries as qualifications
from services.incidents.qualifications.domain import QualificationStatus
from services.incidents.statistics import domain
from services.incidents.statistics.domain import Measures, Shape, Standing, Sum, Sums
from services.incidents.statistics.tables import (
    MEASURES,
    CountedAccident,
    FrozenBase,
    StatedFigure,
    Statistic,
)

Text = ColumnElement[str] | QueryableAttribute[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The months from `first` to `last`, both by their first day, in one place and below it."""

    region: str
    first: date
    last: date


async def counts_in(session: AsyncSession, accident: Accident) -> Standing:
    """Whether an accident is in the statistics: it is, unless merged, struck off or too slight."""
    if accident.merged_into is not None:
        return Standing.MERGED
    qualified = await qualifications.current(session, accident.id)
    if qualified is not None and qualified.status == QualificationStatus.STRUCK_OFF:
        return Standing.STRUCK_OFF
    slight = grading.left_out(
        accident.figures,
        scale=grading.scale_of(accident.accident_type),
        on=calendar.day_of(accident.occurred_at),
    )
    return Standing.LEFT_OUT if slight else Standing.COUNTED


async def counted(session: AsyncSession, accident_id: UUID) -> CountedAccident | None:
    """What an accident adds to the sums; nobody else changes it until this transaction ends."""
    return await session.get(CountedAccident, accident_id, with_for_update=True)


def inside(region: str, county: Text, park: Text) -> ColumnElement[bool]:
    """Rows of a place: a park's own, or those of a division with its parks."""
    place = regions.known().get(region)
    if place is not None and place.park:
        return park == region
    prefix = regions.prefix(region)
    if not prefix:
        return true()
    return and_(county >= prefix, county < str(int(prefix) + 1))


def _of(span: Span) -> ColumnElement[bool]:
    return and_(
        inside(span.region, Statistic.region_code, Statistic.park_code),
        Statistic.month >= span.first,
        Statistic.month <= span.last,
    )


_SUMS = [func.sum(getattr(Statistic, name)).label(name) for name in MEASURES]


async def sums(session: AsyncSession, span: Span) -> Sums:
    """All sums that a monthly analysis needs, from the roll-up."""
    return Sums(
        months=await months(session, span),
        places=await _by_place(session, span),
        codes=await _by_code(session, span),
    )


async def months(session: AsyncSession, span: Span) -> Sequence[Sum]:
    """All accidents of a place by month and standing, from the roll-up."""
    parts = (Statistic.month, Statistic.standing)
    chosen = select(*parts, *_SUMS).where(Statistic.shape == Shape.TOTAL, _of(span))
    return [
        Sum(
            shape=Shape.TOTAL,
            month=row.month,
            standing=Standing(row.standing),
            measures=measured(row),
        )
        for row in await session.execute(chosen.group_by(*parts))
    ]


async def _by_place(session: AsyncSession, span: Span) -> Sequence[Sum]:
    parts = (Statistic.region_code, Statistic.park_code, _shown(span))
    chosen = select(*parts, *_SUMS).where(
        Statistic.shape == Shape.TOTAL, Statistic.standing == Standing.COUNTED, _of(span)
    )
    return [
        Sum(
            shape=Shape.TOTAL,
            month=row.month,
            region_code=row.region_code,
            park_code=row.park_code,
            measures=measured(row),
        )
        for row in await session.execute(chosen.group_by(*parts))
    ]


CODED = (Shape.INDUSTRY, Shape.TYPE, Shape.GRADE)
"""Shapes that tell apart by a code."""


async def _by_code(session: AsyncSession, span: Span) -> Sequence[Sum]:
    # One of the three is set in each of these shapes, so together they are the code.
    code = Statistic.industry + Statistic.accident_type + Statistic.grade
    parts = (Statistic.shape, _shown(span), code.label("code"))
    chosen = select(*parts, *_SUMS).where(Statistic.shape.in_(CODED), _coded(span), _of(span))
    return [
        Sum(shape=Shape(row.shape), month=row.month, code=row.code, measures=measured(row))
        for row in await session.execute(chosen.group_by(*parts))
    ]


def _coded(span: Span) -> ColumnElement[bool]:
    """Codes stand under each place and once more under its city: read one or the other."""
    if domain.city_of(span.region) != span.region:
        return true()
    cities = func.right(Statistic.region_code, 2) == "00"
    return and_(cities, Statistic.park_code == domain.ANY)


def _shown(span: Span) -> ColumnElement[date]:
    """The last month and that of a year before alone, those before of each year together as its
    January, those after as its December.
    """
    alone = Statistic.month.in_([span.last, span.last.replace(year=span.last.year - 1)])
    later = func.date_part("month", Statistic.month) > span.last.month
    january = func.date_trunc("year", Statistic.month)
    december = january + func.make_interval(0, 11)
    return case(
        (alone, Statistic.month), (later, cast(december, Date)), else_=cast(january, Date)
    ).label("month")


def measured(row: Any) -> Measures:
    """The measures of a row of a query that names them."""
    return Measures(
        accidents=int(row.accidents),
        graver=int(row.graver),
        deaths=int(row.deaths),
        serious_injuries=int(row.serious_injuries),
        direct_loss_wan=row.direct_loss_wan,
    )


async def left_since(session: AsyncSession, span: Span, *, since: datetime) -> tuple[int, int]:
    """Accidents, and deaths in them, that were counted at an instant and left the counts since."""
    chosen = select(func.count(), func.coalesce(func.sum(CountedAccident.deaths), 0)).where(
        inside(span.region, CountedAccident.region_code, CountedAccident.park_code),
        CountedAccident.month >= span.first,
        CountedAccident.month <= span.last,
        CountedAccident.standing != Standing.COUNTED,
        CountedAccident.standing_since > since,
        CountedAccident.counted_at <= since,
    )
    accidents, deaths = (await session.execute(chosen)).one()
    return int(accidents or 0), int(deaths or 0)


async def frozen_base(session: AsyncSession, *, region: str, year: int) -> FrozenBase | None:
    """The base of a year's targets in a place, if it has been frozen."""
    return await session.get(FrozenBase, (region, year))


async def struck_off_base(session: AsyncSession, *, region: str, year: int) -> tuple[int, int]:
    """What of a year's frozen base has been struck off or merged since: accidents and deaths."""
    chosen = select(func.count(), func.coalesce(func.sum(CountedAccident.frozen_deaths), 0)).where(
        inside(region, CountedAccident.region_code, CountedAccident.park_code),
        CountedAccident.month >= date(year - 1, 1, 1),
        CountedAccident.month <= date(year - 1, 12, 1),
        CountedAccident.frozen_deaths.is_not(None),
        CountedAccident.standing != Standing.COUNTED,
    )
    accidents, deaths = (await session.execute(chosen)).one()
    return int(accidents or 0), int(deaths or 0)


async def stated(session: AsyncSession, *, region: str, month: date) -> Sequence[StatedFigure]:
    """The newest version of each figure stated for a place and month."""
    chosen = (
        select(StatedFigure)
        .where(StatedFigure.region_code == region, StatedFigure.month == month)
        .ext(distinct_on(StatedFigure.kind))
        .order_by(StatedFigure.kind, StatedFigure.version.desc())
    )
    return (await session.scalars(chosen)).all()
