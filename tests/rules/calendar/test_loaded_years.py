"""The calendar in the pack is what its tool writes, and says what another source says."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from kernel import calendar as days
from reference import holidays, national
from tools import calendar as tool


def test_the_file_is_what_the_tool_writes() -> None:
    written = (national.PACK.folder / "calendar.yaml").read_text(encoding="utf-8")
    years = sorted(holidays.calendar().years)
    assert written == tool.written(range(years[0], years[-1] + 1))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_day_is_what_the_package_says(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert days.is_working_day(
            day, calendar=holidays.calendar()
        ) is chinese_calendar.is_workday(day)
        day += timedelta(days=1)
