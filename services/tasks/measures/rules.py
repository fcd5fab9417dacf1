"""Rates, reductions and comparisons as exact fractions. Pure."""

from fractions import Fraction

from kernel.problems import Problem


class UnknownComparator(Problem):
    """A duty compares in a way that numbers cannot be compared by."""

    status = 409
    title_zh = "该任务的比较方式不适用于数值"
    title_en = "The duty's comparison is not one of numbers"


def rate(numerator: int, denominator: int, *, per: int) -> Fraction | None:
    """What falls to so many of a whole that had fallen due; nothing of nothing is none (platform).

    Never all of it: 0/0 is no rate.
    """
    return Fraction(numerator * per, denominator) if denominator else None


def reduction(*, base: int, current: int) -> Fraction | None:
    """By how many per cent a count lies below its frozen base; none from nothing (platform)."""
    return Fraction((base - current) * 100, base) if base else None


def meets(value: Fraction, *, comparator: str, target: Fraction) -> bool:
    """Whether a value keeps its target; "at least" and "at most" include the bound (platform)."""
    match comparator:
        case ">=":
            return value >= target
        case "<=":
            return value <= target
        case ">":
            return value > target
        case "<":
            return value < target
        case "==":
            return value == target
    raise UnknownComparator(comparator=comparator)
