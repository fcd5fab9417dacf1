"""By when an objection to a score is ruled on: both sides of the limit, holidays among them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import SHANGHAI
from reference import holidays, scoring
from services.tasks.scoreobjections import rules

OFF = holidays.calendar()


def at(month: int, day: int, hour: int = 10, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def due(made_at: datetime, days: int = 5) -> datetime:
    return rules.ruling_due(made_at, working_days=days, days_off=OFF)


@pytest.mark.parametrize(
    ("made_at", "ends"),
    [
        (at(7, 5), at(7, 13, 0)),  # Wednesday to Wednesday
        (at(7, 5, 0), at(7, 13, 0)),
        (at(7, 8), at(7, 15, 0)),  # on a Saturday: from Monday on
        (at(4, 27), at(5, 9, 0)),  # over Labour Day, with its two Saturdays and Sundays worked
        (at(9, 28), at(10, 12, 0)),
        (at(12, 29), at(1, 9, 0, year=2024)),
    ],
)
def test_ruling_due_is_midnight_of_the_last_working_day(made_at: datetime, ends: datetime) -> None:
    assert due(made_at) == ends


def test_where_no_holidays_are_known_ruling_due_comes_early_and_nobody_is_refused() -> None:
    assert due(at(12, 28, year=2099)) == at(1, 3, 0, year=2100)


@given(hours=st.integers(0, 6 * 8_766), days=st.integers(1, 15))
def test_ruling_due_leaves_just_so_many_working_days(hours: int, days: int) -> None:
    begun = at(1, 1, 0, year=2020) + timedelta(hours=hours)
    ends = due(begun, days)

    between = (ends - calendar.closes_at(calendar.day_of(begun))).days
    first = calendar.day_of(begun)
    worked = [
        one
        for one in (first + timedelta(days=n) for n in range(1, between + 1))
        if calendar.is_working_day(one, calendar=OFF)
    ]
    assert len(worked) == days
    assert worked[-1] == calendar.day_of(ends - timedelta(seconds=1))


def test_the_limit_is_the_platforms_own() -> None:
    limit = scoring.ruling_limit(on=at(7, 5).date())

    assert (limit.working_days, limit.rule) == (5, "platform scoring@2017-01-01")
