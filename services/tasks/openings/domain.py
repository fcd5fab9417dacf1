"""The periods of a duty within its plan's year, and the life of opening one. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from kernel import calendar
from kernel.calendar import Cadence
from reference import figures
from reference.terms import DutyKind
from services.tasks.plans.domain_duties import PlanDuty

_DAY = timedelta(days=1)
_THURSDAY = timedelta(days=3)


class OpeningStatus(StrEnum):
    """Where the opening of a period stands."""

    WAITING = "waiting"  # 待下达
    OPENING = "opening"  # 下达中
    OPEN = "open"  # 已下达
    ENDED = "ended"  # 已到期
    SUPERSEDED = "superseded"  # 已由新版取代
    RELEASED = "released"  # 起因不再成立，已终止


class OpeningAction(StrEnum):
    """What happens to it."""

    WORK = "work"  # 分批下达
    FINISH = "finish"  # 下达完毕
    END = "end"  # 到期
    REPEAT = "repeat"  # 补下达
    SUPERSEDE = "supersede"  # 取代
    RELEASE = "release"  # 终止
    RESUME = "resume"  # 恢复


TRANSITIONS: Mapping[tuple[OpeningStatus, OpeningAction], OpeningStatus] = {
    (OpeningStatus.WAITING, OpeningAction.WORK): OpeningStatus.OPENING,
    (OpeningStatus.OPENING, OpeningAction.WORK): OpeningStatus.OPENING,
    (OpeningStatus.OPENING, OpeningAction.FINISH): OpeningStatus.OPEN,
    (OpeningStatus.OPEN, OpeningAction.END): OpeningStatus.ENDED,
    # An event that is told again opens what was missing.
    (OpeningStatus.OPENING, OpeningAction.REPEAT): OpeningStatus.OPENING,
    (OpeningStatus.OPEN, OpeningAction.REPEAT): OpeningStatus.OPENING,
    # A period that has begun is frozen: only one that waits gives way to a later version.
    (OpeningStatus.WAITING, OpeningAction.SUPERSEDE): OpeningStatus.SUPERSEDED,
    (OpeningStatus.OPENING, OpeningAction.RELEASE): OpeningStatus.RELEASED,
    (OpeningStatus.OPEN, OpeningAction.RELEASE): OpeningStatus.RELEASED,
    # Whoever was not reached by then is opened for now.
    (OpeningStatus.RELEASED, OpeningAction.RESUME): OpeningStatus.OPENING,
}


RUNNING = frozenset({OpeningStatus.OPENING, OpeningStatus.OPEN})
"""Whoever comes to be meant now owes it still."""


def may(status: str, action: OpeningAction) -> bool:
    """Whether an opening is in a state for that."""
    return (OpeningStatus(status), action) in TRANSITIONS


def after(status: str, action: OpeningAction) -> OpeningStatus:
    """The state once it has happened."""
    return TRANSITIONS[OpeningStatus(status), action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One period in which a duty is owed."""

    first: date
    last: date
    least: int | None
    """How often it must be done; None where a figure decides."""

    @property
    def due_at(self) -> datetime:
        """24:00 of its last day: a quota counts what was done on any day of its period."""
        return calendar.closes_at(self.last)


def occurrences(duty: PlanDuty, *, issued_on: date) -> tuple[Occurrence, ...]:
    """The periods of a duty that had not ended when its plan was issued.

    A quota is owed in each natural period of its cadence; everything else once, until the day
    that the plan names or the end of its year. What an event sets off has no period. Nothing
    is owed in a period that ended before the plan was there to ask for it.
    """
    least = _least(duty)
    return tuple(
        Occurrence(first=first, last=last, least=least)
        for first, last in _periods(duty)
        if last >= issued_on
    )


def _least(duty: PlanDuty) -> int | None:
    if duty.kind in figures.MEASURED:
        return None
    return duty.least or 1 if duty.kind is DutyKind.RECURRING_QUOTA else 1


def _periods(duty: PlanDuty) -> Iterator[tuple[date, date]]:
    if duty.kind is DutyKind.EVENT_TRIGGERED:
        return
    if duty.kind is DutyKind.RECURRING_QUOTA and duty.cadence is not None:
        yield from natural_periods(duty.year, duty.cadence)
        return
    yield date(duty.year, 1, 1), duty.due_on or date(duty.year, 12, 31)


def natural_periods(year: int, cadence: Cadence) -> Iterator[tuple[date, date]]:
    """The natural periods of a year: every day of it is in one, and no period is in two years.

    A week belongs to the year that has its Thursday (ISO 8601).
    """
    first, last = calendar.period_of(date(year, 1, 1), cadence)
    if cadence is Cadence.WEEK and (first + _THURSDAY).year != year:
        first, last = calendar.period_of(last + _DAY, cadence)
    while _year_of(first, cadence) == year:
        yield first, last
        first, last = calendar.period_of(last + _DAY, cadence)


def _year_of(first: date, cadence: Cadence) -> int:
    return (first + _THURSDAY).year if cadence is Cadence.WEEK else first.year


def owed_since(
    occurrence: Occurrence, *, kind: DutyKind, since: date, begun_on: date
) -> int | None:
    """How often one owes it who is there only since a day, by the days left: halves count full.

    Nothing of a quota may be left to owe. Whoever was there on the day it was opened owes it
    whole, whether that was heard of before or after the opening; so is what is no quota owed,
    however late.
    """
    if occurrence.least is None or kind is not DutyKind.RECURRING_QUOTA:
        return occurrence.least
    if since <= max(occurrence.first, begun_on):
        return occurrence.least
    days = (occurrence.last - occurrence.first).days + 1
    left = max(0, (occurrence.last - since).days + 1)
    share = Decimal(occurrence.least * left) / days
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
