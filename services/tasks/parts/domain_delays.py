"""Whose delay it was: time past the deadline, counted to those who held the work. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel import calendar
from kernel.calendar import BeyondCalendar, Calendar

_INSTANT = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """That somebody held the work from an instant until before another; None: still does."""

    holder: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """What of a delay is somebody's."""

    time: timedelta
    days: int
    """Calendar days, each on which it was held past the deadline."""
    working_days: int | None
    """Those of them that are worked; None where holidays are not known."""


def attributed(
    holds: Iterable[Hold], *, due_at: datetime, as_at: datetime, days_off: Calendar
) -> Mapping[str, Delay]:
    """Each instant past the deadline is counted in full to all who held the work then."""
    late: dict[str, list[tuple[datetime, datetime]]] = {}
    for hold in holds:
        since = max(hold.since, due_at)
        until = as_at if hold.until is None else min(hold.until, as_at)
        if since < until:
            late.setdefault(hold.holder, []).append((since, until))
    return {holder: _delay(spans, days_off) for holder, spans in late.items()}


def _delay(spans: list[tuple[datetime, datetime]], days_off: Calendar) -> Delay:
    merged = _merged(spans)
    days = {day for since, until in merged for day in _days(since, until)}
    return Delay(
        time=sum((until - since for since, until in merged), start=timedelta()),
        days=len(days),
        working_days=_worked(days, days_off),
    )


def _merged(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(until, found[-1][1])
        else:
            found.append((since, until))
    return found


def _days(since: datetime, until: datetime) -> Iterable[date]:
    day, last = calendar.day_of(since), calendar.day_of(until - _INSTANT)
    while day <= last:
        yield day
        day += _DAY


def _worked(days: Iterable[date], days_off: Calendar) -> int | None:
    try:
        return sum(calendar.is_working_day(day, calendar=days_off) for day in days)
    except BeyondCalendar:
        return None
