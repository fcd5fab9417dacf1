"""How a figure becomes points, in decimals that anybody can redo by hand. Pure.

The one rule of rounding: every quotient and every product is rounded to two places, a half
away from zero, at the step at which it is written down.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kernel import calendar
from kernel.calendar import Cadence
from reference.scorerows import AssessmentWindow, Band, Indicator
from reference.terms import Formula, Grade

_HUNDRED = Decimal(100)
_PLACES = Decimal("0.01")
_DECEMBER = 12

LEAST_SCORE = Decimal("0.00")
"""No total is less: the marks are of a hundred. A convention of the platform, not law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What a figure earned: its value, its points and how they came about; None where unmeasured.

    `weight` is what the points are out of: None of points for each.
    """

    value: Decimal | None
    points: Decimal | None
    weight: Decimal | None
    arithmetic: str


def rounded(number: Decimal) -> Decimal:
    """To two places, a half away from zero (platform, scoring)."""
    return number.quantize(_PLACES, ROUND_HALF_UP) + 0  # no zero has a sign


def percent(part: int, whole: int) -> Decimal | None:
    """A part of a whole in per cent; of nothing there is no rate, and not all of it (platform)."""
    return rounded(_HUNDRED * part / whole) if whole else None


def marked(indicator: Indicator, *, numerator: int, denominator: int) -> Marked:
    """What an indicator earns for a figure (platform, scoring).

    A rate is the numerator of the denominator. Bands take the reduction of the numerator
    against the denominator. Where the denominator is zero nothing is measured. A count is the
    numerator, whatever the denominator.
    """
    if indicator.formula is Formula.COUNT:
        return _counted(indicator, numerator)
    whole = Decimal(denominator)
    if indicator.formula is Formula.RATE:
        value = percent(numerator, denominator)
        steps = f"{numerator} ÷ {whole} = "
    else:
        value = percent(denominator - numerator, denominator)
        steps = f"({whole} − {numerator}) ÷ {whole} = "
    assert indicator.weight is not None
    if value is None:
        return Marked(value=None, points=None, weight=None, arithmetic=f"{steps}—")
    steps += f"{value} %; "
    base = value
    if indicator.formula is Formula.BANDS:
        band = band_of(indicator.bands, value)
        base = rounded(band.marks)
        steps += f"{'< ' if band.least is None else '≥ '}{_bound(indicator, band)} %: {base}; "
    points, text = _weighed(indicator, base, indicator.weight)
    weight = rounded(indicator.weight)
    return Marked(value=value, points=points, weight=weight, arithmetic=f"{steps}{text}")


def _bound(indicator: Indicator, band: Band) -> Decimal:
    if band.least is not None:
        return band.least
    stated = [one.least for one in indicator.bands if one.least is not None]
    return stated[-1] if stated else Decimal(0)


def band_of(bands: tuple[Band, ...], value: Decimal) -> Band:
    """The first band whose least is reached; a bound counts as inside (platform, scoring)."""
    return next(band for band in bands if band.least is None or value >= band.least)


def _counted(indicator: Indicator, count: int) -> Marked:
    assert indicator.each is not None
    points, text = _weighed(indicator, Decimal(count), indicator.each)
    return Marked(value=rounded(Decimal(count)), points=points, weight=None, arithmetic=text)


def _weighed(indicator: Indicator, base: Decimal, factor: Decimal) -> tuple[Decimal, str]:
    points = rounded(base * factor)
    text = f"{base} × {factor} = {points}"
    for name, bound, pick in (("max", indicator.floor, max), ("min", indicator.cap, min)):
        if bound is not None and pick(points, bound) != points:
            bounded = rounded(bound)
            text += f"; {name}({points}, {bounded}) = {bounded}"
            points = bounded
    return points, text


def score(*, earned: Decimal, weight: Decimal, taken_off: Decimal) -> Decimal | None:
    """What a unit scores of a hundred: what was measured makes it whole (platform, scoring).

    Points are out of the weights that could be measured; then what is taken off is, down to
    zero. A unit of which nothing could be measured has no score.
    """
    return max(rounded(earned / weight) + taken_off, LEAST_SCORE) if weight else None


def score_steps(
    *, earned: Decimal, weight: Decimal, taken_off: Decimal, score: Decimal | None
) -> str:
    """How a score came about, to be redone by hand, zero at the least (platform, scoring).

    `score`: what it came to. Those of before there was a least score stand as they were.
    """
    if not weight:
        return f"{earned} ÷ {weight} = —"
    whole = rounded(earned / weight)
    total = whole + taken_off
    text = f"{earned} ÷ {weight} = {whole}; {whole} + ({taken_off}) = {total}"
    return text if score == total else f"{text}; max({total}, {LEAST_SCORE}) = {score}"


def year_of(day: date, *, window: AssessmentWindow | None) -> int:
    """The year of the assessment in which a day lies; else the natural one (Hunan 2017)."""
    begins = window.begins_month if window else 1
    return day.year + 1 if begins > 1 and day.month >= begins else day.year


def period_of(day: date, cadence: Cadence, *, window: AssessmentWindow | None) -> tuple[date, date]:
    """The period of a rhythm that holds a day; of a year that of the assessment (Hunan 2017)."""
    if cadence is not Cadence.YEAR or window is None:
        return calendar.period_of(day, cadence)
    year = year_of(day, window=window)
    began = year - 1 if window.begins_month > 1 else year
    first = date(began, window.begins_month, 1)
    return first, calendar.add_years(first, 1) - date.resolution


def counts_in(
    *,
    happened_on: date,
    grade: Grade,
    found_concealed_on: date | None,
    window: AssessmentWindow | None,
) -> int:
    """The year of the assessment to which an accident counts (Hunan 2017).

    The gravest of December count in their own year though its window is closed. One that was
    concealed counts when that is found, if it is found within three years.
    """
    if window is None:
        return happened_on.year
    if found_concealed_on is not None and grade.at_least(window.concealed_from):
        until = calendar.add_years(happened_on, window.concealed_years)
        if happened_on <= found_concealed_on <= until:
            return year_of(found_concealed_on, window=window)
    if happened_on.month == _DECEMBER and grade.at_least(window.december_counts_from):
        return happened_on.year
    return year_of(happened_on, window=window)
