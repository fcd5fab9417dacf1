"""Whose delay it was: time past the deadline, counted to those who held the work. Pure."""

from collections.abc import Collection, Iterable, Mapping
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
    own_due_at: datetime | None = None
    """A later deadline than that of the whole, if the holder was given one."""

    def late_from(self, due_at: datetime) -> datetime:
        """From when on it is late, where the whole is due at an instant."""
        return max(self.since, due_at, self.own_due_at or due_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """That the clock stood still from an instant until before another; None: still does."""

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


_Span = tuple[datetime, datetime]


def attributed(
    holds: Iterable[Hold],
    *,
    due_at: datetime,
    as_at: datetime,
    days_off: Calendar,
    stood: Collection[Stood] = (),
) -> Mapping[str, Delay]:
    """Each instant past the deadline is counted in full to all who held the work then.

    While the clock stood it was nobody's delay: an objection was being decided on.
    """
    late: dict[str, list[_Span]] = {}
    for hold in holds:
        since = hold.late_from(due_at)
        until = as_at if hold.until is None else min(hold.until, as_at)
        for span in _running(since, until, stood):
            late.setdefault(hold.holder, []).append(span)
    return {holder: _delay(spans, days_off) for holder, spans in late.items()}


def _running(since: datetime, until: datetime, stood: Collection[Stood]) -> Iterable[_Span]:
    """What of a span the clock ran."""
    for still in sorted(stood, key=lambda one: one.since):
        if since < min(still.since, until):
            yield since, min(still.since, until)
        since = until if still.until is None else max(since, still.until)
    if since < until:
        yield since, until


def _delay(spans: list[_Span], days_off: Calendar) -> Delay:
    merged = _merged(spans)
    days = {day for since, until in merged for day in _days(since, until)}
    return Delay(
        time=sum((until - since for since, until in merged), start=timedelta()),
        days=len(days),
        working_days=_worked(days, days_off),
    )


def _merged(spans: list[_Span]) -> list[_Span]:
    found: list[_Span] = []
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
