"""When a period ends, by the row that names its length and what it is counted in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel import calendar
from kernel.calendar import BeyondCalendar, Calendar
from reference import national
from reference.national.rows import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The instant by which something must be done, and by which rule."""

    at: datetime
    rule: str


def due_after(code: str, *, since: datetime, days_off: Calendar) -> Due:
    """Hours run from the moment; days are counted from the next one (Civil Code, 201).

    `code` names a row of `clocks` in force on the day of `since`.
    """
    row = national.CLOCKS.one(code, on=calendar.day_of(since))
    return Due(at=ends_at(row, since=since, days_off=days_off), rule=row.rule)


def ends_at(row: Clock, *, since: datetime, days_off: Calendar) -> datetime:
    """A last day that is off moves to the next working day (Civil Code, 203).

    As far as the calendar is known; a period of working days that leaves it is refused.
    A period of days is over at 24:00 of its last one.
    """
    if row.counting == "hours":
        return since + timedelta(hours=row.length)
    return calendar.closes_at(_last_day(row, start=calendar.day_of(since), days_off=days_off))


def _last_day(row: Clock, *, start: date, days_off: Calendar) -> date:
    if row.counting == "working_days":
        return calendar.add_working_days(start, row.length, calendar=days_off)
    if row.counting == "months":
        return calendar.add_months(start, row.length)
    last = calendar.add_days(start, row.length)
    try:
        return calendar.rolled_forward(last, calendar=days_off)
    except BeyondCalendar:
        return last
