"""Days on which something holds: from a day to a day, both counted. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first day to the last, both of them in it; without a last day it goes on."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: "Period") -> bool:
        """Whether the two have a day in common."""
        begins_first, begins_later = sorted((self, other), key=lambda period: period.first)
        return begins_first.holds(begins_later.first)

    @property
    def empty(self) -> bool:
        """Whether it ends before it begins."""
        return self.last is not None and self.last < self.first


def gaps(periods: Iterable[Period], *, within: Period) -> tuple[Period, ...]:
    """The runs of days of `within` that no period holds, in order."""
    found: list[Period] = []
    uncovered: date | None = within.first
    for period in sorted(periods, key=lambda period: period.first):
        if uncovered is None or (within.last is not None and period.first > within.last):
            break
        if period.first > uncovered:
            found.append(Period(first=uncovered, last=period.first - DAY))
        if period.last is None:
            uncovered = None
        elif period.last >= uncovered:
            uncovered = period.last + DAY
    if uncovered is not None and within.holds(uncovered):
        found.append(Period(first=uncovered, last=within.last))
    return tuple(found)


def runs(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Periods joined where one begins on the morrow of another, in order."""
    joined: list[Period] = []
    for period in sorted(periods, key=lambda period: period.first):
        before = joined[-1] if joined else None
        if before is not None and (before.last is None or period.first <= before.last + DAY):
            last = (
                None
                if before.last is None or period.last is None
                else max(before.last, period.last)
            )
            joined[-1] = Period(first=before.first, last=last)
        else:
            joined.append(period)
    return tuple(joined)
