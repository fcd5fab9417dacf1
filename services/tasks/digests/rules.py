"""On which mornings digests go out, and how far each looks. Pure."""

from datetime import date, datetime, timedelta

from kernel import calendar
from kernel.calendar import BeyondCalendar, Calendar
from reference.national.rows_figures import DigestRule

_FRIDAY = 4


def is_worked(day: date, *, days_off: Calendar) -> bool:
    """A digest goes out on working days; where the holidays of a year are not known yet, on
    weekdays: a reminder too many harms nobody (platform).
    """
    try:
        return calendar.is_working_day(day, calendar=days_off)
    except BeyondCalendar:
        return day.weekday() <= _FRIDAY


def next_worked(after: date, *, days_off: Calendar) -> date:
    """The first day after another on which a digest goes out (platform)."""
    day = after + timedelta(days=1)
    while not is_worked(day, days_off=days_off):
        day += timedelta(days=1)
    return day


def goes_out_at(day: date, *, row: DigestRule) -> datetime:
    """The morning hour of a day (platform)."""
    return calendar.opens_at(day) + timedelta(hours=row.hour, minutes=row.minute)


def soon_until(day: date, *, row: DigestRule, days_off: Calendar) -> datetime:
    """24:00 of the last of the working days that "soon" reaches (platform)."""
    last = day
    for _ in range(row.soon_working_days):
        last = next_worked(last, days_off=days_off)
    return calendar.closes_at(last)
