"""Freezing the base of a year's targets, and taking figures that others publish."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import Place, Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from reference import city, regions
from services.incidents.policies import POLICIES, Act
from services.incidents.statistics import domain, queries
from services.incidents.statistics.domain import Standing
from services.incidents.statistics.tables import CountedAccident, FrozenBase, StatedFigure

BASE_DUE = "statistics_base_due"
BASE_RULE = "platform statistics base"


class BaseFrozen(Problem):
    """The base of that year stands already and is never frozen twice."""

    status = 409
    title_zh = "该年度考核基数已冻结"
    title_en = "The base of that year has been frozen"


async def arm_freezing(session: AsyncSession, *, now: datetime) -> None:
    """The base of next year's targets freezes when that year begins."""
    year = calendar.day_of(now).year + 1
    armed = select(timers.Timer.timer_id).where(
        timers.Timer.kind == BASE_DUE, timers.Timer.entity_id == str(year)
    )
    if await session.scalar(armed.limit(1)) is None:
        begins = datetime.combine(date(year, 1, 1), time(), tzinfo=calendar.SHANGHAI)
        timer = timers.new(kind=BASE_DUE, entity_id=str(year), due_at=begins, rule=BASE_RULE)
        timers.arm_once(session, timer)


async def freeze_when_due(
    session: AsyncSession, *, year: int, by: Principal, now: datetime
) -> None:
    """Freeze a year's base unless an office has done it before."""
    if await queries.frozen_base(session, region=city.current().code, year=year) is None:
        await _freeze(session, year=year, by=by, now=now)


async def freeze_base(
    session: AsyncSession, *, year: int, by: Principal, now: datetime
) -> FrozenBase:
    """Freeze the base of a year's targets by hand, where history was loaded after it began."""
    region = city.current().code
    POLICIES.require(by, Act.STATE_FIGURES, on=Place(region), seen_by=Act.READ_STATISTICS)
    if await queries.frozen_base(session, region=region, year=year) is not None:
        raise BaseFrozen
    await _freeze(session, year=year, by=by, now=now)
    audit.note(session, by=by, act="base.freeze", entity="base", entity_id=f"{region} {year}")
    base = await queries.frozen_base(session, region=region, year=year)
    assert base is not None
    return base


async def _freeze(session: AsyncSession, *, year: int, by: Principal, now: datetime) -> None:
    """Keep last year's counts of the city and each place in it, and which accidents made them."""
    region = city.current().code
    span = queries.Span(region=region, first=date(year - 1, 1, 1), last=date(year - 1, 12, 1))
    for place in (region, *places_below(region)):
        counted = [
            row.measures
            for row in await queries.months(session, _moved(span, place))
            if row.standing is Standing.COUNTED
        ]
        whole = domain.total(counted)
        session.add(
            FrozenBase.new(
                region_code=place,
                year=year,
                accidents=whole.accidents,
                deaths=whole.deaths,
                frozen_at=now,
                frozen_by=by.subject,
            )
        )
    members = update(CountedAccident).where(
        queries.inside(region, CountedAccident.region_code, CountedAccident.park_code),
        CountedAccident.month >= span.first,
        CountedAccident.month <= span.last,
        CountedAccident.standing == Standing.COUNTED,
    )
    await session.execute(members.values(frozen_deaths=CountedAccident.deaths))
    await session.flush()


def _moved(span: queries.Span, region: str) -> queries.Span:
    return queries.Span(region=region, first=span.first, last=span.last)


def places_below(region: str) -> Sequence[str]:
    """The counties of a city and the parks in them."""
    prefix = regions.prefix(region)
    return [
        place.code
        for place in regions.known().values()
        if place.code.startswith(prefix) and place.code != region
    ]


async def state_figure(
    session: AsyncSession,
    *,
    region: str,
    kind: str,
    month: date,
    value: Decimal,
    source: str,
    published_on: date | None,
    by: Principal,
    now: datetime,
) -> StatedFigure:
    """Take a figure that others publish; a correction is kept as a further version."""
    POLICIES.require(by, Act.STATE_FIGURES, on=Place(region), seen_by=Act.READ_STATISTICS)
    newest = await session.scalar(
        select(func.max(StatedFigure.version)).where(
            StatedFigure.region_code == region,
            StatedFigure.kind == kind,
            StatedFigure.month == month,
        )
    )
    figure = StatedFigure.new(
        region_code=region,
        id=uuid7(),
        kind=kind,
        month=month,
        version=(newest or 0) + 1,
        value=value,
        source=source,
        published_on=published_on,
        stated_at=now,
        stated_by=by.subject,
        unit=by.unit,
    )
    session.add(figure)
    audit.note(session, by=by, act=Act.STATE_FIGURES, entity="figure", entity_id=figure.id)
    return figure
