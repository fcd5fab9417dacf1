"""The working-day calendar that `kernel.calendar` counts by, for the years that are loaded."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from kernel.calendar import Calendar
from reference import national
from reference.national.rows import Holiday


@cache
def calendar() -> Calendar:
    """Holidays and worked weekends of every loaded year."""
    rows = national.CALENDAR_YEARS.rows
    return Calendar(
        years=frozenset(row.year for row in rows),
        holidays=frozenset(day for row in rows for off in row.holidays for day in _days(off)),
        working_weekends=frozenset(day for row in rows for day in row.working),
    )


def _days(holiday: Holiday) -> Iterator[date]:
    day = holiday.first
    while day <= holiday.last:
        yield day
        day += timedelta(days=1)
