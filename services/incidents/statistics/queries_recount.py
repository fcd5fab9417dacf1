"""Counting the accidents themselves, without the roll-up: what the roll-up must be equal to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import national, regions
from reference.terms import Grade
from services.incidents.accidents import rules as grading
from services.incidents.accidents.tables import Accident
from services.incidents.investigations.tables import Investigation
from services.incidents.qualifications.domain import QualificationStatus
from services.incidents.qualifications.tables import Qualification
from services.incidents.statistics.domain import ANY, Key, Measures, Shape, Standing, Sum, Sums
from services.incidents.statistics.queries import Span, measured
from services.incidents.statistics.tables import ClosureSum, Statistic

_ZONE = "Asia/Shanghai"


def contributions() -> Select[Any]:
    """What each accident adds, as it stands now: the columns of a contribution."""
    parks = {place.code: place.parent for place in regions.known().values() if place.park}
    code = Accident.region_code
    county = case(parks, value=code, else_=code) if parks else code
    dead = Accident.deaths + case((Accident.missing_presumed_dead, Accident.missing), else_=0)
    month = func.date_trunc("month", func.timezone(_ZONE, Accident.occurred_at))
    standing = case(
        (Accident.merged_into.is_not(None), Standing.MERGED),
        (Qualification.status == QualificationStatus.STRUCK_OFF, Standing.STRUCK_OFF),
        (_left_out(), Standing.LEFT_OUT),
        else_=Standing.COUNTED,
    )
    return (
        select(
            Accident.id.label("accident_id"),
            Accident.enterprise_uscc.label("enterprise_uscc"),
            Accident.received_at.label("received_at"),
            county.label("region_code"),
            (case((code.in_(parks), code), else_=ANY) if parks else literal(ANY)).label(
                "park_code"
            ),
            cast(month, Date).label("month"),
            func.coalesce(Accident.industry, ANY).label("industry"),
            Accident.accident_type.label("accident_type"),
            Accident.grade.label("grade"),
            dead.label("deaths"),
            Accident.serious_injuries.label("serious_injuries"),
            func.coalesce(Accident.direct_loss_wan, 0).label("direct_loss_wan"),
            standing.label("standing"),
        )
        .select_from(Accident)
        .outerjoin(Qualification, Qualification.accident_id == Accident.id)
    )


def _left_out() -> ColumnElement[bool]:
    """What `grading.left_out` says of an accident, as the database decides it.

    Conditions are tried in this order, and nearly every accident harmed somebody.
    """
    day = cast(func.timezone(_ZONE, Accident.occurred_at), Date)
    harmed = (
        Accident.deaths + Accident.missing + Accident.serious_injuries + Accident.minor_injuries
    )
    forest_fire = Accident.accident_type == grading.FOREST_FIRE
    return or_(
        false(),
        *(
            and_(
                harmed == 0,
                func.coalesce(Accident.direct_loss_wan, 0) < row.loss_below_wan,
                forest_fire if row.scale == grading.FOREST_FIRE else not_(forest_fire),
                day.between(row.effective_from, row.effective_to or date.max),
            )
            for row in national.LEFT_OUT
        ),
    )


def _sums(each: Any) -> list[ColumnElement[Any]]:
    graver = case((each.c.grade == Grade.GENERAL, 0), else_=1)
    return [
        func.count().label("accidents"),
        func.sum(graver).label("graver"),
        func.sum(each.c.deaths).label("deaths"),
        func.sum(each.c.serious_injuries).label("serious_injuries"),
        func.sum(each.c.direct_loss_wan).label("direct_loss_wan"),
    ]


_TOTAL = 0b111
_SHAPES: Mapping[int, Shape] = {
    _TOTAL: Shape.TOTAL,
    0b011: Shape.INDUSTRY,
    0b101: Shape.TYPE,
    0b110: Shape.GRADE,
}
"""Which of industry, kind and grade a grouping set leaves out, as PostgreSQL numbers it."""


def rollup(*within: ColumnElement[bool]) -> Select[Any]:
    """Every row the roll-up must have, of accidents within: the columns of `Statistic`."""
    each = contributions().where(*within).subquery()
    c = each.c
    city = (func.left(c.region_code, 4) + "00").label("city")
    place, above = (c.region_code, c.park_code), (city,)
    when = c.month, c.standing
    coded = [
        tuple_(*where, *when, code)
        for where in (place, above)
        for code in (c.industry, c.accident_type, c.grade)
    ]
    sets = func.grouping_sets(tuple_(*place, *when), *coded)
    left_out = func.grouping(c.industry, c.accident_type, c.grade)
    # What is told of a city alone, without a county, stands in the city's own row.
    twice = and_(func.grouping(city) == 1, func.right(c.region_code, 2) == "00", c.park_code == ANY)
    is_total = left_out == _TOTAL
    return (
        select(
            case(
                {bits: literal(str(shape)) for bits, shape in _SHAPES.items()}, value=left_out
            ).label("shape"),
            func.coalesce(c.region_code, city).label("region_code"),
            c.month,
            func.coalesce(c.park_code, ANY).label("park_code"),
            func.coalesce(c.industry, ANY).label("industry"),
            func.coalesce(c.accident_type, ANY).label("accident_type"),
            func.coalesce(c.grade, ANY).label("grade"),
            c.standing,
            *_sums(each),
        )
        .where(c.standing != Standing.MERGED)
        .group_by(sets)
        .having(or_(is_total, and_(c.standing == Standing.COUNTED, not_(twice))))
    )


async def recount(session: AsyncSession) -> Mapping[Key, Measures]:
    """The whole roll-up, counted anew, of all places the actor reaches."""
    return {_key(row): measured(row) for row in await session.execute(rollup())}


def _key(row: Row[Any]) -> Key:
    return Key(
        row.shape,
        row.region_code,
        row.month,
        row.park_code,
        row.industry,
        row.accident_type,
        row.grade,
        row.standing,
    )


async def sums(session: AsyncSession, span: Span) -> Sums:
    """All sums that a monthly analysis needs, counted anew from the accidents."""
    within = _inside(span.region), *during(span.first, span.last)
    each = contributions().where(*within).subquery()
    c = each.c
    sets = func.grouping_sets(
        tuple_(c.month, c.standing),
        tuple_(c.month, c.standing, c.region_code, c.park_code),
        tuple_(c.month, c.standing, c.industry),
        tuple_(c.month, c.standing, c.accident_type),
        tuple_(c.month, c.standing, c.grade),
    )
    left_out = func.grouping(c.industry, c.accident_type, c.grade).label("left_out")
    everywhere = func.grouping(c.region_code).label("everywhere")
    code = func.coalesce(c.industry, c.accident_type, c.grade, ANY).label("code")
    place = c.region_code, c.park_code
    parts = left_out, everywhere, c.month, c.standing, *place, code
    chosen = select(*parts, *_sums(each)).where(c.standing != Standing.MERGED)
    rows = (await session.execute(chosen.group_by(sets))).all()
    totals = [row for row in rows if _SHAPES[row.left_out] is Shape.TOTAL]
    codes = [row for row in rows if _SHAPES[row.left_out] is not Shape.TOTAL]
    return Sums(
        months=[_sum(row) for row in totals if row.everywhere],
        places=[_sum(row) for row in _counted(totals) if not row.everywhere],
        codes=[_sum(row) for row in _counted(codes)],
    )


def _counted(rows: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    return (row for row in rows if row.standing == Standing.COUNTED)


def _inside(region: str) -> ColumnElement[bool]:
    """Accidents of a place, by their own code: of the county made from it no index knows."""
    prefix = regions.prefix(region)
    if not prefix:
        return true()
    parks = (place for place in regions.known().values() if place.park and place.parent)
    others = [place.code for place in parks if (place.parent or "").startswith(prefix)]
    own = and_(Accident.region_code >= prefix, Accident.region_code < str(int(prefix) + 1))
    return or_(own, Accident.region_code.in_(others))


def during(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Accidents of the months from one to another, as instants, so that an index serves."""
    after = calendar.add_months(last, 1)
    return (
        Accident.occurred_at >= datetime.combine(first, time(), tzinfo=calendar.SHANGHAI),
        Accident.occurred_at < datetime.combine(after, time(), tzinfo=calendar.SHANGHAI),
    )


async def years(session: AsyncSession) -> range:
    """The years in which there were accidents or cases had their last day, or sums say so."""
    ends = select(func.min(Accident.occurred_at), func.max(Accident.occurred_at))
    days = [calendar.day_of(end) for end in (await session.execute(ends)).one() if end]
    for day in (Statistic.month, ClosureSum.month, Investigation.case_due_on):
        known = (await session.execute(select(func.min(day), func.max(day)))).one()
        days += [end for end in known if end]
    found = [day.year for day in days]
    return range(min(found), max(found) + 1) if found else range(0)


def _sum(row: Row[Any]) -> Sum:
    return Sum(
        shape=_SHAPES[row.left_out],
        month=row.month,
        region_code=row.region_code or ANY,
        park_code=row.park_code or ANY,
        code=row.code,
        standing=Standing(row.standing),
        measures=measured(row),
    )
