"""What rates and reductions the plan holds a city to."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Comparator = Literal["<=", ">=", "<", ">", "==", "in"]

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")
_HUNDRED = Decimal(100)


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


def deaths_within(target: Decimal, *, output_yi: Decimal) -> int:
    """The most deaths whose rate for an output keeps to the target (Plan, 10)."""
    if not output_yi:
        return 0
    deaths = int(target * output_yi / _HUNDRED)
    while (deaths + 1) * _HUNDRED / output_yi < target + _HUNDREDTH / 2:  # the rate is rounded
        deaths += 1
    return deaths


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
