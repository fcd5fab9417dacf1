"""By when an objection to a score is ruled on. Pure; the limit is a row of the city's pack."""

from datetime import datetime

from kernel import calendar
from kernel.calendar import Calendar


def ruling_due(made_at: datetime, *, working_days: int, days_off: Calendar) -> datetime:
    """24:00 of the last of so many working days after the one it was made on (platform, scoring).

    Where no calendar of those days is loaded every day counts as worked: nobody is refused an
    objection for want of one, and the office is asked too early rather than too late.
    """
    return calendar.working_days_close_at(calendar.day_of(made_at), working_days, calendar=days_off)
