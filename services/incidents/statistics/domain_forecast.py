"""Where a year's count ends if it goes on as it began: one method, with its range.

Accidents are few and come by chance. What is left of the year is forecast from the year so far
by the gamma-Poisson rule (with half an accident of prior weight), which also gives a year that
began without any a range. `low` and `high` are bounds that it keeps in eight years of ten.
"""

from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log, log1p, sqrt

YEAR = 12
_PRIOR = 0.5
_TAIL = 0.1
_Z = 1.2815515655446004
_MANY = 400
"""From here on the distribution is as good as normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A year's count at its end: the plain run rate, and a range of 80 per cent."""

    low: int
    likely: int
    high: int


def year_end(count: int, *, months: int) -> Forecast:
    """What a count reaches at the end of the year, after so many whole months of it."""
    left = YEAR - months
    if left <= 0:
        return Forecast(low=count, likely=count, high=count)
    low, high = _range(count + _PRIOR, share=months / YEAR)
    likely = count + round(count * left / months)
    return Forecast(low=count + low, likely=likely, high=max(count + high, likely))


def _range(shape: float, *, share: float) -> tuple[int, int]:
    """The tenth and ninetieth per cent of what is left, by the share of the year that is over."""
    if shape > _MANY:
        mean = shape * (1 - share) / share
        spread = _Z * sqrt(mean / share)
        return max(0, floor(mean - spread)), ceil(mean + spread)
    low, reached, number = -1, 0.0, 0
    while True:
        reached += exp(_log_weight(number, shape, share))
        if low < 0 and reached > _TAIL:
            low = number
        if reached >= 1 - _TAIL:
            return low, number
        number += 1


def _log_weight(number: int, shape: float, share: float) -> float:
    """The logarithm of the negative binomial weight of a number."""
    chosen = lgamma(number + shape) - lgamma(shape) - lgamma(number + 1)
    return chosen + shape * log(share) + number * log1p(-share)
