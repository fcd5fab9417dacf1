"""What a monthly analysis says, and how it is made from sums. Nothing in it is ever typed in.

Every figure stands beside that of the same months of the year before, as the accidents stand
now. Months are named by their first day; a "cumulative" figure runs from January.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from reference import regions
from reference.terms import Grade
from services.incidents.statistics import domain_labels as labels
from services.incidents.statistics import rules
from services.incidents.statistics.domain import (
    Measures,
    Number,
    Shape,
    Standing,
    Sum,
    Sums,
    total,
)

ZERO_BASE = "zero_base"
"""Why there is no rate: it would be one of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure against that of a year before; without a percentage where that was 0."""

    difference: int
    percent: Number | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Measures of a period and of the same period a year before."""

    now: Measures
    before: Measures
    accidents: Change
    deaths: Change


def change(now: int, before: int) -> Change:
    """A figure against that of a year before."""
    percent = rules.percent(now - before, before)
    reason = ZERO_BASE if percent is None else None
    return Change(difference=now - before, percent=percent, reason=reason)


def compared(now: Measures, before: Measures) -> Compared:
    """Measures side by side."""
    return Compared(
        now=now,
        before=before,
        accidents=change(now.accidents, before.accidents),
        deaths=change(now.deaths, before.deaths),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a breakdown."""

    code: str
    zh: str
    en: str
    month: Compared
    cumulative: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """All accidents, told apart by one thing."""

    by: str
    """region, park, sector, industry, type or grade."""
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A month of the year: what it had, what had come together by then, and a year before."""

    month: date
    accidents: int
    deaths: int
    cumulative_accidents: int
    cumulative_deaths: int
    accidents_before: int
    deaths_before: int
    cumulative_accidents_before: int
    cumulative_deaths_before: int
    issued_accidents: int | None = None
    """The cumulative figure as that month's bulletin gave it: this series may fall."""
    issued_deaths: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A breakdown whose rows do not add up to the total."""

    by: str
    period: str
    """month, cumulative, month_before or cumulative_before."""
    measure: str
    total: Number
    rows: Number


Months = tuple[date, date]
"""The first and the last of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The months of an analysis."""

    month: date

    @property
    def first(self) -> date:
        """January of the year before: where the figures begin."""
        return date(self.month.year - 1, 1, 1)

    @property
    def before(self) -> date:
        """The same month a year before."""
        return self.month.replace(year=self.month.year - 1)

    @property
    def cumulative(self) -> Months:
        """The year so far."""
        return date(self.month.year, 1, 1), self.month

    @property
    def cumulative_before(self) -> Months:
        """The same part of the year before."""
        return date(self.month.year - 1, 1, 1), self.before


def line(code: str, zh: str, en: str, sums: Iterable[Sum], period: Period) -> Line:
    """A row of a breakdown from the sums that belong to it."""
    sums = list(sums)

    def over(first: date, last: date) -> Measures:
        return total([each.measures for each in sums if first <= each.month <= last])

    return Line(
        code=code,
        zh=zh,
        en=en,
        month=compared(over(period.month, period.month), over(period.before, period.before)),
        cumulative=compared(over(*period.cumulative), over(*period.cumulative_before)),
    )


def whole(months: Sequence[Sum], period: Period, *, standing: Standing = Standing.COUNTED) -> Line:
    """All accidents of a standing, each once."""
    chosen = [month for month in months if month.standing is standing]
    return line("total", "合计", "total", chosen, period)


def year_before(sums: Sums, period: Period, *, sector: str) -> Measures:
    """All that a field had in the whole of the year before."""
    december = date(period.month.year - 1, 12, 1)
    trades = _of(Shape.INDUSTRY, sums)
    chosen = [each for each in trades if labels.sector_of(each.code) == sector]
    return line("", "", "", chosen, Period(month=december)).cumulative.now


def breakdowns(sums: Sums, period: Period, *, region: str) -> tuple[Breakdown, ...]:
    """All accidents by place, park, field, industry, kind and grade."""
    places, trades = sums.places, _of(Shape.INDUSTRY, sums)
    kinds, grades = _of(Shape.TYPE, sums), _of(Shape.GRADE, sums)
    below = [place.code for place in regions.children(region)]
    worst_first = [str(grade) for grade in reversed(Grade)]
    return (
        _by("region", places, period, lambda s: _below(region, s.region_code), labels.place, below),
        _by("park", places, period, lambda s: s.park_code, labels.park, _parks_in(region)),
        _by("sector", trades, period, lambda s: labels.sector_of(s.code), labels.sector),
        _by("industry", trades, period, lambda s: s.code, labels.industry),
        _by("type", kinds, period, lambda s: s.code, labels.kind),
        _by("grade", grades, period, lambda s: s.code, labels.grade, worst_first),
    )


def _of(shape: Shape, sums: Sums) -> Sequence[Sum]:
    return [each for each in sums.codes if each.shape is shape]


def _by(
    by: str,
    sums: Sequence[Sum],
    period: Period,
    code_of: Callable[[Sum], str],
    named: Callable[[str], tuple[str, str]],
    known: Sequence[str] = (),
) -> Breakdown:
    """Rows in the order of what is known to exist, also without accidents; then the most first.

    What had accidents only in the rest of the year before has no row.
    """
    groups: dict[str, list[Sum]] = {}
    for each in sums:
        groups.setdefault(code_of(each), []).append(each)
    rows = [line(code, *named(code), groups.pop(code, []), period) for code in known]
    rest = [line(code, *named(code), group, period) for code, group in groups.items()]
    seen = [each for each in rest if _counts(each)]
    return Breakdown(by=by, lines=(*rows, *sorted(seen, key=_weight)))


def _counts(each: Line) -> bool:
    """Whether there is anything of it to add up: a correction may leave dead without accidents."""
    cumulative = each.cumulative
    return any((*_weight(each)[:2], cumulative.now.deaths, cumulative.before.deaths))


def _weight(each: Line) -> tuple[int, int, str]:
    return -each.cumulative.now.accidents, -each.cumulative.before.accidents, each.code


def _parks_in(region: str) -> list[str]:
    prefix = regions.prefix(region)
    found = [place for place in regions.known().values() if place.park]
    return [place.code for place in found if place.parent and place.parent.startswith(prefix)]


def _below(region: str, code: str) -> str:
    """The place directly below `region` in which a county lies; itself where it is the place."""
    known = regions.known()
    while code in known and code != region and known[code].parent != region:
        code = known[code].parent or region
    return code


def series(months: Sequence[Sum], period: Period) -> tuple[Point, ...]:
    """The months of the year so far, with what came together."""
    counted = [month for month in months if month.standing is Standing.COUNTED]
    points = []
    for number in range(1, period.month.month + 1):
        each = Period(month=period.month.replace(month=number))
        figures = line("", "", "", counted, each)
        month, together = figures.month, figures.cumulative
        points.append(
            Point(
                month=each.month,
                accidents=month.now.accidents,
                deaths=month.now.deaths,
                cumulative_accidents=together.now.accidents,
                cumulative_deaths=together.now.deaths,
                accidents_before=month.before.accidents,
                deaths_before=month.before.deaths,
                cumulative_accidents_before=together.before.accidents,
                cumulative_deaths_before=together.before.deaths,
            )
        )
    return tuple(points)


_RECONCILED = ("accidents", "graver", "deaths", "serious_injuries", "direct_loss_wan")


def reconcile(whole: Line, parts: Iterable[Breakdown]) -> tuple[Discrepancy, ...]:
    """Where the rows of a breakdown do not add up to the total, and by how much."""
    return tuple(
        Discrepancy(
            by=part.by,
            period=period,
            measure=measure,
            total=getattr(taken(whole), measure),
            rows=getattr(rows, measure),
        )
        for part in parts
        for period, taken in _PERIODS.items()
        for rows in [total(taken(each) for each in part.lines)]
        for measure in _RECONCILED
        if getattr(taken(whole), measure) != getattr(rows, measure)
    )


_PERIODS: dict[str, Callable[[Line], Measures]] = {
    "month": lambda each: each.month.now,
    "month_before": lambda each: each.month.before,
    "cumulative": lambda each: each.cumulative.now,
    "cumulative_before": lambda each: each.cumulative.before,
}
