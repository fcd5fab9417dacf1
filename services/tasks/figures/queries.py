"""What the ledger holds: the newest version of every source, by subject and days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing, equals, one_of, within
from reference import regions
from services.tasks.evidence import queries as evidence
from services.tasks.evidence.tables import EvidenceFile
from services.tasks.figures.domain import ReportStatus
from services.tasks.figures.tables import (
    CountedAccident,
    Figure,
    FigureBase,
    FigureFreeze,
    FigureReport,
)

FIGURES = Listing(
    "figures",
    key=Figure.id,
    sorts={"recorded_at": Figure.recorded_at, "day": Figure.day},
    default="-recorded_at",
    filters={
        "metric": equals(Figure.metric, str, "指标 / metric"),
        "region": within(Figure.region_code, "行政区划 / division"),
        "unit": equals(Figure.unit, str, "单位 / unit"),
        "enterprise": equals(Figure.enterprise_uscc, str, "企业 / enterprise"),
        "source": equals(Figure.source, str, "来源 / source"),
        "current": Filter(
            bool,
            lambda current: replaced(None).is_(not current),
            "是否现行版本 / whether no later version replaces it",
        ),
    },
)

REPORTS = Listing(
    "figure-reports",
    key=FigureReport.id,
    sorts={"reported_at": FigureReport.reported_at, "day": FigureReport.day},
    default="-reported_at",
    filters={
        "metric": equals(FigureReport.metric, str, "指标 / metric"),
        "region": within(FigureReport.region_code, "行政区划 / division"),
        "unit": equals(FigureReport.unit, str, "单位 / unit"),
        "obligation": equals(FigureReport.obligation_id, UUID, "任务 / obligation"),
        "status": one_of(FigureReport.status, ReportStatus, "状态 / states"),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days, and by when what is said of them was known."""

    first: date
    last: date
    known_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose figures: of a place, of enterprises, or what units reported of themselves."""

    region: str | None = None
    enterprises: Collection[str] = ()
    units: Collection[str] = ()

    def of(self, table: type[Figure | FigureBase]) -> ColumnElement[bool]:
        """The rows that are."""
        if self.units:
            return table.unit.in_(self.units)
        if self.enterprises:
            usccs = literal(list(self.enterprises), ARRAY(Text))
            return table.enterprise_uscc == any_(usccs)
        return inside(table, self.region or "")


def inside(table: type[Figure | FigureBase | CountedAccident], region: str) -> ColumnElement[bool]:
    """What happened in a place or below it, and in the parks that lie there."""
    place = regions.known().get(region)
    if place is not None and place.park:
        return table.region_code == region
    prefix = regions.prefix(region)
    below = table.region_code.startswith(prefix, autoescape=True)
    parks = [
        one.code
        for one in regions.known().values()
        if one.park and (one.parent or "").startswith(prefix)
    ]
    return or_(below, table.region_code.in_(parks))


def replaced(known_by: datetime | None) -> ColumnElement[bool]:
    """Whether a later version of the same source was known by an instant."""
    newer = aliased(Figure)
    later = and_(
        newer.metric == Figure.metric,
        newer.source == Figure.source,
        newer.version > Figure.version,
    )
    if known_by is not None:
        later = and_(later, newer.recorded_at < known_by)
    return exists().where(later)


def held(metric: str, *, whose: Whose, span: Span) -> ColumnElement[bool]:
    """The newest versions of a metric for somebody on some days."""
    known = [] if span.known_by is None else [Figure.recorded_at < span.known_by]
    return and_(
        Figure.metric == metric,
        whose.of(Figure),
        Figure.day >= span.first,
        Figure.day <= span.last,
        *known,
        ~replaced(span.known_by),
    )


async def added_up(
    session: AsyncSession, metric: str, *, whose: Whose, span: Span
) -> tuple[int, int | None]:
    """How many sources say something, and the sum of their counts."""
    chosen = select(func.count(), func.sum(Figure.amount))
    found = (await session.execute(chosen.where(held(metric, whose=whose, span=span)))).one()
    return int(found[0]), None if found[1] is None else int(found[1])


async def newest(session: AsyncSession, metric: str, *, whose: Whose, span: Span) -> Figure | None:
    """The figure of the latest day."""
    chosen = select(Figure).where(held(metric, whose=whose, span=span))
    return await session.scalar(chosen.order_by(Figure.day.desc(), Figure.id.desc()).limit(1))


async def first_counted(
    session: AsyncSession, metric: str, *, whose: Whose, span: Span
) -> Figure | None:
    """The earliest fact that counts something."""
    chosen = select(Figure).where(held(metric, whose=whose, span=span), Figure.amount > 0)
    return await session.scalar(chosen.order_by(Figure.day, Figure.recorded_at).limit(1))


async def base(
    session: AsyncSession, metric: str, *, year: int, whose: Whose, first: date, last: date
) -> int | None:
    """What the frozen base of a year holds of some days of the year before; None without rows."""
    chosen = select(func.sum(FigureBase.amount)).where(
        FigureBase.year == year,
        FigureBase.metric == metric,
        whose.of(FigureBase),
        FigureBase.day >= first,
        FigureBase.day <= last,
    )
    found = await session.scalar(chosen)
    return None if found is None else int(found)


async def frozen(session: AsyncSession, year: int) -> FigureFreeze | None:
    """The freezing of a year's base, if it was frozen."""
    return await session.get(FigureFreeze, year)


async def versions(session: AsyncSession, source: str) -> dict[str, Figure]:
    """The newest version of a source for each of its metrics."""
    chosen = select(Figure).where(Figure.source == source).order_by(Figure.version)
    return {row.metric: row for row in await session.scalars(chosen)}


async def accident(session: AsyncSession, accident_id: UUID) -> CountedAccident | None:
    """An accident as the figures know it, locked."""
    return await session.get(CountedAccident, accident_id, with_for_update=True)


async def report(session: AsyncSession, report_id: UUID, *, lock: bool = False) -> FigureReport:
    """One reported figure. With `lock`, nobody else decides on it meanwhile."""
    found = await session.get(FigureReport, report_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有填报数据 {report_id}。", f"There is no reported figure {report_id}.")
    return found


def ledger_reached_by(by: Principal) -> Select[Figure]:
    """The part of the ledger that an actor may list."""
    return select(Figure).where(_reached(Figure, by))


def reports_reached_by(by: Principal) -> Select[FigureReport]:
    """The reported figures that an actor may list."""
    return select(FigureReport).where(_reached(FigureReport, by))


def _reached(table: type[Figure | FigureReport], by: Principal) -> ColumnElement[bool]:
    if by.uscc is not None:
        return table.enterprise_uscc == by.uscc
    own = table.unit == by.unit if by.unit else false()
    if by.region is None:
        return own
    return or_(own, table.region_code.startswith(by.region, autoescape=True))


async def proofs(session: AsyncSession, row: FigureReport) -> Sequence[EvidenceFile]:
    """The files of its obligation that a reported figure names, each hash once."""
    files = await evidence.files(session, row.obligation_id)
    named = {file.sha256: file for file in reversed(files)}
    return [named[sha256] for sha256 in row.files if sha256 in named]


async def unread(
    session: AsyncSession, obligation_ids: Collection[UUID], *, before: datetime
) -> Collection[UUID]:
    """Which of some obligations have a figure, reported in time, that waits for its reviewer."""
    chosen = select(FigureReport.obligation_id).where(
        FigureReport.obligation_id == any_(literal(list(obligation_ids), ARRAY(Uuid))),
        FigureReport.status == ReportStatus.SUBMITTED,
        FigureReport.reported_at < before,
    )
    return set(await session.scalars(chosen))


async def reported_of(session: AsyncSession, obligation_id: UUID) -> Sequence[FigureReport]:
    """What was reported for an obligation, oldest first."""
    chosen = select(FigureReport).where(FigureReport.obligation_id == obligation_id)
    return (await session.scalars(chosen.order_by(FigureReport.id))).all()
