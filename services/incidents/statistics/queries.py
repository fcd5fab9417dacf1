"""Reading the sums that handlers keep, and whether an accident counts at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from kernel import calendar
from reference import city, regions
from reference.city import City
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


_T = Statistic.__table__.c
_SUMS = [func.sum(_T[name]).label(name) for name in MEASURES]
_FIRST, _BEFORE, _DECEMBER, _JANUARY, _LAST = (
    bindparam(name, type_=Date()) for name in ("first", "before", "december", "january", "last")
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an analysis of one place asks of the roll-up, without its months.

    Kept, because building the statements takes longer than answering them. Their columns are
    those of a `Sum`.
    """

    months: Select[Any]
    whole: CompoundSelect[Any]
    """Months, places and codes in one statement."""


async def sums(session: AsyncSession, span: Span) -> Sums:
    """All sums that a monthly analysis needs, from the roll-up."""
    found = await _read(session, _reading(city.current(), span.region).whole, span)
    totals = [each for each in found if each.shape is Shape.TOTAL]
    return Sums(
        months=[each for each in totals if not each.region_code],
        places=[each for each in totals if each.region_code],
        codes=[each for each in found if each.shape is not Shape.TOTAL],
    )


async def months(session: AsyncSession, span: Span) -> Sequence[Sum]:
    """All accidents of a place by month and standing, from the roll-up."""
    return await _read(session, _reading(city.current(), span.region).months, span)


async def _read(session: AsyncSession, asked: Executable, span: Span) -> Sequence[Sum]:
    rows = (await session.execute(asked, _within(span))).all()
    return [
        Sum(Shape(shape), month, county, park, code, Standing(standing), Measures(*measures))
        for shape, month, county, park, code, standing, *measures in rows
    ]


def _within(span: Span) -> Mapping[str, date]:
    year = span.last.year
    return {
        "first": span.first,
        "before": span.last.replace(year=year - 1),
        "december": date(year - 1, 12, 1),
        "january": date(year, 1, 1),
        "last": span.last,
    }


@lru_cache(maxsize=128)
def _reading(pack: City, region: str) -> _Reading:  # noqa: ARG001 -- which places are parks
    during = _T.month.between(_FIRST, _LAST)
    all_of = and_(_T.shape == Shape.TOTAL, inside(region, _T.region_code, _T.park_code), during)
    nowhere, counted = literal(domain.ANY), literal(str(Standing.COUNTED))
    # One of the three is set in each of these shapes, so together they are the code.
    code = _T.industry + _T.accident_type + _T.grade
    by_month = (_T.month, _T.standing)
    by_place = (_shown(), _T.region_code, _T.park_code)
    by_code = (_T.shape, _shown(), code)
    every = literal(str(Shape.TOTAL))
    of_months = select(every, _T.month, nowhere, nowhere, nowhere, _T.standing, *_SUMS).where(
        all_of
    )
    of_places = select(every, *by_place, nowhere, counted, *_SUMS).where(
        all_of, _T.standing == Standing.COUNTED
    )
    of_codes = select(_T.shape, _shown(), nowhere, nowhere, code, counted, *_SUMS).where(
        _T.shape.in_(CODED), _coded(region), during
    )
    months = of_months.group_by(*by_month)
    return _Reading(
        months=months,
        whole=union_all(months, of_places.group_by(*by_place), of_codes.group_by(*by_code)),
    )


CODED = (Shape.INDUSTRY, Shape.TYPE, Shape.GRADE)
"""Shapes that tell apart by a code."""


def _coded(region: str) -> ColumnElement[bool]:
    """Codes stand under each place and once more under its city: one or the other is read."""
    below = inside(region, _T.region_code, _T.park_code)
    if domain.city_of(region) != region:
        return below
    whole = _T.park_code == domain.ANY
    if len(regions.prefix(region)) == len("4304"):
        return and_(_T.region_code == region, whole)
    return and_(below, func.right(_T.region_code, 2) == "00", whole)


def _shown() -> ColumnElement[date]:
    """The last month and that of a year before alone, those before of each year together as its
    January, those after as its December.
    """
    alone = or_(_T.month == _LAST, _T.month == _BEFORE)
    return case(
        (alone, _T.month),
        (_T.month < _BEFORE, _FIRST),
        (_T.month < _JANUARY, _DECEMBER),
        else_=_JANUARY,
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


_STATED = (
    select(StatedFigure)
    .where(
        StatedFigure.region_code == bindparam("region"), StatedFigure.month == bindparam("month")
    )
    .ext(distinct_on(StatedFigure.kind))
    .order_by(StatedFigure.kind, StatedFigure.version.desc())
)


async def stated(session: AsyncSession, *, region: str, month: date) -> Sequence[StatedFigure]:
    """The newest version of each figure stated for a place and month."""
    return (await session.scalars(_STATED, {"region": region, "month": month})).all()
