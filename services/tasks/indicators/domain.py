"""Whom a figure is counted for, over which days, and what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kernel import calendar
from kernel.calendar import Cadence
from reference import scoring
from services.tasks.indicators import rules

_WEEKS_OF_A_YEAR = timedelta(weeks=52)

MOST_NAMED = 20
"""So many of the items that cost points are named; a digest covers them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days of a rhythm."""

    cadence: Cadence
    first: date
    last: date

    @property
    def begins_at(self) -> datetime:
        """0:00 of its first day."""
        return calendar.opens_at(self.first)

    @property
    def ends_at(self) -> datetime:
        """24:00 of its last day."""
        return calendar.closes_at(self.last)

    @property
    def before(self) -> "Period":
        """The one before."""
        return period_of(self.first - date.resolution, self.cadence)

    @property
    def after(self) -> "Period":
        """The one after."""
        return period_of(self.last + date.resolution, self.cadence)

    @property
    def year(self) -> int:
        """The year it is numbered in."""
        return self.last.year

    @property
    def year_before(self) -> "Period":
        """The like period of the year before; of a week the one 52 weeks ago."""
        if self.cadence is Cadence.WEEK:
            return period_of(self.first - _WEEKS_OF_A_YEAR, self.cadence)
        return period_of(self.first.replace(year=self.first.year - 1), self.cadence)


def period_of(day: date, cadence: Cadence) -> Period:
    """The period of a rhythm that holds a day."""
    first, last = rules.period_of(day, cadence, window=scoring.window(on=day))
    return Period(cadence=cadence, first=first, last=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A unit that is measured, in its group."""

    group: str
    unit: str
    region_code: str
    territory: bool
    """Whether all of its place is counted, or what the unit itself does."""

    @property
    def place(self) -> str:
        """What rows are counted by: its place, or itself."""
        return self.region_code if self.territory else self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was counted for one subject."""

    numerator: int = 0
    denominator: int = 0
    costly: Sequence[UUID] = ()
    """The first of the items that cost points, in the order of their ids."""
    digest: str | None = None
    """Over the ids of all that was counted and of all that cost points; None of none."""


NOTHING = Count()
