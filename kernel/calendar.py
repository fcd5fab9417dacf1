"""Days as the law counts them: working days, calendar days, months, and when a day closes.

Pure. The calendar is data and is passed in; a day outside of its years is refused loudly,
never guessed. Days are those of Asia/Shanghai.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# Named here and not taken from kernel.clock: the law must not reach a clock, even indirectly.
SHANGHAI = ZoneInfo("Asia/Shanghai")

_DAY = timedelta(days=1)
_SATURDAY = 5


class BeyondCalendar(LookupError):
    """A day was asked of the calendar whose year has not been loaded."""

    def __init__(self, day: date, years: frozenset[int]) -> None:
        loaded = f"{min(years)}-{max(years)}" if years else "none"
        super().__init__(
            f"{day.isoformat()} lies beyond the loaded calendar ({loaded}); "
            f"load the State Council's arrangement of {day.year} first"
        )
        self.day = day


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Which days are off and which weekend days are worked, for the years it covers."""

    years: frozenset[int]
    holidays: frozenset[date] = field(repr=False)
    working_weekends: frozenset[date] = field(repr=False)


class Cadence(StrEnum):
    """Natural periods that quotas and figures are counted by."""

    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


def is_working_day(day: date, *, calendar: Calendar) -> bool:
    """Whether people work on that day."""
    if day.year not in calendar.years:
        raise BeyondCalendar(day, calendar.years)
    if day in calendar.working_weekends:
        return True
    return day.weekday() < _SATURDAY and day not in calendar.holidays


def add_working_days(start: date, days: int, *, calendar: Calendar) -> date:
    """The last day of a period of so many working days; the start day is not counted."""
    if days < 0:
        raise ValueError("a period has no negative number of days")
    day = start
    for _ in range(days):
        day = _next_working_day(day, calendar=calendar)
    return day


def subtract_working_days(end: date, days: int, *, calendar: Calendar) -> date:
    """The day so many working days before another, which is not counted."""
    if days < 0:
        raise ValueError("a period has no negative number of days")
    day = end
    for _ in range(days):
        day -= _DAY
        while not is_working_day(day, calendar=calendar):
            day -= _DAY
    return day


def working_days_between(start: date, end: date, *, calendar: Calendar) -> int:
    """How many working days lie after `start`, up to and including `end`."""
    if end < start:
        raise ValueError("the end of a period does not stand before its start")
    days = (start + _DAY * offset for offset in range(1, (end - start).days + 1))
    return sum(is_working_day(day, calendar=calendar) for day in days)


def _next_working_day(day: date, *, calendar: Calendar) -> date:
    day += _DAY
    while not is_working_day(day, calendar=calendar):
        day += _DAY
    return day


def nearest_in(year: int, day: date) -> date:
    """A day, or else the first or the last one of a year, whichever is nearer."""
    return min(max(day, date(year, 1, 1)), date(year, 12, 31))


def add_days(start: date, days: int) -> date:
    """The last day of a period of calendar days; the start day is not counted (Civil Code 201)."""
    if days < 0:
        raise ValueError("a period has no negative number of days")
    return start + _DAY * days


def add_months(start: date, months: int) -> date:
    """The like-numbered day so many months on, or that month's last day (Civil Code 202)."""
    if months < 0:
        raise ValueError("a period has no negative number of months")
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_years(start: date, years: int) -> date:
    """The same day so many years on, or that month's last day (Civil Code 202)."""
    return add_months(start, 12 * years)


def rolled_forward(last: date, *, calendar: Calendar) -> date:
    """The last day of a period, moved past days off on which it would end (Civil Code 203)."""
    if is_working_day(last, calendar=calendar):
        return last
    return _next_working_day(last, calendar=calendar)


def opens_at(first: date) -> datetime:
    """The instant at which a day begins: 0:00 in Shanghai."""
    return datetime.combine(first, time(), tzinfo=SHANGHAI)


def closes_at(last: date) -> datetime:
    """The instant at which a day ends: 24:00 in Shanghai. What comes at it comes too late."""
    return datetime.combine(last + _DAY, time(), tzinfo=SHANGHAI)


def window_closes_at(start: date, days: int) -> datetime:
    """When a window of calendar days closes: the start day not counted, 24:00 of the last."""
    return closes_at(add_days(start, days))


def working_days_close_at(start: date, days: int, *, calendar: Calendar) -> datetime:
    """24:00 of the last of so many working days; beyond the loaded calendar every day counts.

    For what nobody is refused for want of a calendar: it is asked for too early, not too late.
    """
    try:
        return closes_at(add_working_days(start, days, calendar=calendar))
    except BeyondCalendar:
        return window_closes_at(start, days)


def day_of(instant: datetime) -> date:
    """The statutory day on which an instant falls."""
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset falls on no particular day")
    return instant.astimezone(SHANGHAI).date()


def period_of(day: date, cadence: Cadence) -> tuple[date, date]:
    """The natural period that holds a day: its first and its last day.

    Weeks run Monday to Sunday; half months are 1-15 and 16 to the end.
    """
    if cadence is Cadence.WEEK:
        first = day - _DAY * day.weekday()
        return first, first + _DAY * 6
    if cadence is Cadence.HALF_MONTH:
        return _half_month(day)
    length = _MONTHS[cadence]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    return first, add_months(first, length) - _DAY


_MONTHS = {Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.HALF_YEAR: 6, Cadence.YEAR: 12}
_MIDDLE = 15


def _half_month(day: date) -> tuple[date, date]:
    if day.day <= _MIDDLE:
        return day.replace(day=1), day.replace(day=_MIDDLE)
    return day.replace(day=_MIDDLE + 1), day.replace(day=monthrange(day.year, day.month)[1])
