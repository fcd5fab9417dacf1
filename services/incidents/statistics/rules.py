"""When a case is closed in time, and what rates and reductions the plan holds a city to."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from kernel import calendar
from reference import national
from reference.terms import Grade

Comparator = Literal["<=", ">=", "<", ">", "==", "in"]

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")
_HUNDRED = Decimal(100)


def closure_due(
    *, occurred_on: date, grade: Grade, extended_days: int = 0, appraisal_days: int = 0
) -> date:
    """The last day on which a case is closed in time (Decree 493, 27, 29 and 32).

    The days for investigating count from the day of the accident, approved extensions and the
    days of technical appraisals are added, and the approval has its own days after that.
    """
    row = national.CLOSURES.one(grade, on=occurred_on)
    investigated = row.investigation_days + extended_days + appraisal_days
    return calendar.add_days(occurred_on, investigated + row.approval_days)


def closed_on_time(*, due_on: date, closed_on: date | None) -> bool:
    """Whether a case was closed by its last day; that day itself is in time (Decree 493, 32)."""
    return closed_on is not None and closed_on <= due_on


def percent(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """A part of a whole in per cent, to a tenth; nothing of nothing is no rate (Plan, 6 and 8)."""
    if not whole:
        return None
    return (Decimal(part) / Decimal(whole) * _HUNDRED).quantize(_TENTH, ROUND_HALF_UP)


def reduction(*, base: int, current: int) -> Decimal | None:
    """By how much a count fell below its base, in per cent; none from nothing (Plan, 8)."""
    return percent(base - current, base)


def death_rate(*, deaths: int, output_yi: Decimal) -> Decimal | None:
    """Deaths per ten billion yuan of output; output in hundred million yuan (Plan, 10)."""
    if not output_yi:
        return None
    return (deaths * _HUNDRED / output_yi).quantize(_HUNDREDTH, ROUND_HALF_UP)


def meets(value: int | Decimal, *, comparator: Comparator, target: Decimal) -> bool:
    """Whether a figure keeps its target; "within" and "at least" include the bound (Plan, 8)."""
    return {
        "<=": value <= target,
        ">=": value >= target,
        "<": value < target,
        ">": value > target,
        "==": value == target,
        "in": value == target,
    }[comparator]
