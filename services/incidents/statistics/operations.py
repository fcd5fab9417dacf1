"""Keeping the counts equal to the accidents, freezing a year's base, and taking others' figures."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from reference import city, regions
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.statistics import domain, queries, queries_recount
from services.incidents.statistics.domain import Contribution, Key, Measures, Shape, Standing
from services.incidents.statistics.tables import (
    CONTRIBUTED,
    MEASURES,
    CountedAccident,
    FrozenBase,
    StatedFigure,
    Statistic,
)

BASE_DUE = "statistics_base_due"
BASE_RULE = "platform statistics base"


class BaseFrozen(Problem):
    """The base of that year stands already and is never frozen twice."""

    status = 409
    title_zh = "该年度考核基数已冻结"
    title_en = "The base of that year has been frozen"


class Place:
    """A place as the policies see it."""

    def __init__(self, region_code: str) -> None:
        self.region_code = region_code


def contribution(accident: Accident, standing: Standing) -> Contribution:
    """What an accident adds as it stands; the missing count once they are presumed dead."""
    county, park = domain.placed(accident.region_code)
    return Contribution(
        region_code=county,
        park_code=park,
        month=domain.month_of(calendar.day_of(accident.occurred_at)),
        industry=accident.industry or domain.ANY,
        accident_type=accident.accident_type,
        grade=accident.grade,
        deaths=accident.figures.counted_deaths,
        serious_injuries=accident.serious_injuries,
        direct_loss_wan=accident.direct_loss_wan or Decimal(),
        standing=standing,
    )


async def count(
    session: AsyncSession,
    *,
    accident_id: UUID,
    now: datetime,
    standing: Standing | None = None,
) -> None:
    """Let the sums hold an accident as it stands now: what it added before goes, what is comes.

    It may be done again at any time, in any order of facts. `standing` is asked for when None.
    """
    accident = await accidents.get(session, accident_id)
    known = await queries.counted(session, accident_id)
    if standing is None:
        standing = await queries.counts_in(session, accident)
    before = known.contribution if known else None
    after = contribution(accident, standing)
    if known is None:
        session.add(_counted(accident, after, now=now))
        await _arm_freezing(session, now=now)
    elif before != after:
        _recounted(known, after, now=now)
    await session.flush()
    await add(session, domain.change(before, after))


def _counted(accident: Accident, after: Contribution, *, now: datetime) -> CountedAccident:
    return CountedAccident.new(
        **{name: getattr(after, name) for name in CONTRIBUTED},
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        standing_since=now,
        counted_at=now,
        frozen_deaths=None,
    )


def _recounted(known: CountedAccident, after: Contribution, *, now: datetime) -> None:
    if known.standing != after.standing:
        known.standing_since = now
    for name in CONTRIBUTED:
        setattr(known, name, getattr(after, name))


_KEY = tuple(column.name for column in Statistic.__table__.primary_key)


async def add(session: AsyncSession, changes: Mapping[Key, Measures]) -> None:
    """Add to the sums; rows are locked in the order of their keys, so that none wait in a ring."""
    if not changes:
        return
    rows = [asdict(key) | asdict(measures) for key, measures in changes.items()]
    statement = upsert(Statistic).values(rows)
    added = {
        name: getattr(Statistic, name) + getattr(statement.excluded, name) for name in MEASURES
    }
    await session.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=added))


async def _arm_freezing(session: AsyncSession, *, now: datetime) -> None:
    """The base of next year's targets freezes when that year begins."""
    year = calendar.day_of(now).year + 1
    armed = select(timers.Timer.timer_id).where(
        timers.Timer.kind == BASE_DUE, timers.Timer.entity_id == str(year)
    )
    if await session.scalar(armed.limit(1)) is None:
        begins = datetime.combine(date(year, 1, 1), time(), tzinfo=calendar.SHANGHAI)
        await timers.arm(
            session, kind=BASE_DUE, entity_id=str(year), due_at=begins, rule=BASE_RULE
        )


async def freeze_when_due(session: AsyncSession, *, year: int, by: Principal, now: datetime) -> None:
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
            for row in await queries.sums(session, _moved(span, place))
            if row.shape is Shape.TOTAL and row.standing is Standing.COUNTED
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


_LOCK = text("LOCK TABLE counted_accident IN EXCLUSIVE MODE")


async def count_anew(session: AsyncSession, *, by: Principal) -> int:
    """Build the roll-up of all places the actor reaches from the accidents; how many they are.

    Handlers wait meanwhile: they lock the accident they count first.
    """
    here = Place(city.current().code)
    POLICIES.require(by, Act.COUNT_ANEW, on=here, seen_by=Act.READ_STATISTICS)
    await session.execute(_LOCK)
    each = queries_recount.contributions().subquery()
    columns = {name: each.c[name] for name in ("accident_id", "enterprise_uscc", *CONTRIBUTED)}
    counted_at = {"standing_since": each.c.received_at, "counted_at": each.c.received_at}
    values = columns | counted_at
    taken = upsert(CountedAccident).from_select([*values], select(*values.values()))
    renewed = {name: getattr(taken.excluded, name) for name in CONTRIBUTED}
    found = await session.execute(
        taken.on_conflict_do_update(index_elements=["accident_id"], set_=renewed)
    )
    await session.execute(delete(Statistic))
    rows = queries_recount.rollup()
    names = [column.name for column in Statistic.__table__.columns]
    await session.execute(insert(Statistic).from_select(names, rows))
    audit.note(session, by=by, act=Act.COUNT_ANEW, entity="statistic", entity_id="all")
    return int(found.rowcount)  # type: ignore[attr-defined]  # a cursor result has one
