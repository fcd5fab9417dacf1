"""Which thresholds a unit's accidents cross, and what follows from a card. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kernel import calendar
from kernel.calendar import Calendar
from reference.scorerows import CardEffect, Threshold
from reference.terms import Card, Finding, Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An accident that counts to a unit in a year."""

    accident_id: UUID
    grade: Grade
    hidden: tuple[Finding, ...] = ()
    """Whether concealment or a false report was confirmed of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """A threshold that is crossed, and by which accidents."""

    threshold: Threshold
    accidents: tuple[UUID, ...]

    @property
    def named(self) -> list[str]:
        """The accidents as a card names them."""
        return sorted(map(str, self.accidents))


def counted(threshold: Threshold, facts: Sequence[Fact]) -> tuple[UUID, ...]:
    """The accidents that a threshold counts: so grave or graver, hidden if it says so (Hunan 2017).

    One that is graver counts as what is milder, too.
    """
    return tuple(
        fact.accident_id
        for fact in facts
        if fact.grade.at_least(threshold.least_grade)
        and (not threshold.findings or set(fact.hidden) & set(threshold.findings))
    )


def crossed(
    card: Card, thresholds: Sequence[Threshold], facts: Sequence[Fact]
) -> tuple[Crossed, ...]:
    """The thresholds of a card that are reached; a bound counts as inside (Hunan 2017)."""
    found = (
        Crossed(threshold=threshold, accidents=counted(threshold, facts))
        for threshold in thresholds
        if threshold.card is card
    )
    return tuple(one for one in found if len(one.accidents) >= one.threshold.count)


def in_effect(decided_on: date, effect: CardEffect) -> tuple[date, date]:
    """From which day to which a card bars: so many months from its decision (Hunan 2017)."""
    return decided_on, calendar.add_months(decided_on, effect.months)


def decision_due(*, since: datetime, working_days: int, days_off: Calendar) -> datetime:
    """A card is decided on so many working days after the reply or the time for one (platform).

    `since` at 24:00 is of the day that it ends. Beyond the loaded calendar every day counts as
    worked: what is asked for too early can be put right.
    """
    day = calendar.day_of(since - timedelta(microseconds=1))
    return calendar.working_days_close_at(day, working_days, calendar=days_off)


def listed_in(year: int) -> int:
    """Units with a card of one year are listed in the next (Plan, 33.2)."""
    return year + 1
