"""By when an objection to a duty is decided on: both sides of the limit, holidays among them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import SHANGHAI
from reference import evidence, holidays
from services.tasks.appeals import rules

OFF = holidays.calendar()


def at(month: int, day: int, hour: int = 10, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def due(made_at: datetime, days: int = 5) -> datetime:
    return rules.decision_due(made_at, working_days=days, days_off=OFF)


@pytest.mark.parametrize(
    ("made_at", "ends"),
    [
        (at(7, 5), at(7, 13, 0)),  # Wednesday to Wednesday
        (at(7, 8), at(7, 15, 0)),  # on a Saturday: from Monday on
        (at(4, 27), at(5, 9, 0)),  # over Labour Day, with its two Saturdays and Sundays worked
        (at(12, 28, year=2099), at(1, 3, 0, year=2100)),  # no holidays are known: early
    ],
)
def test_decision_due_is_midnight_of_the_last_working_day(
    made_at: datetime, ends: datetime
) -> None:
    assert due(made_at) == ends


@given(hours=st.integers(0, 6 * 8_766), days=st.integers(1, 15))
def test_decision_due_leaves_just_so_many_working_days(hours: int, days: int) -> None:
    begun = at(1, 1, 0, year=2020) + timedelta(hours=hours)
    first, last = calendar.day_of(begun), calendar.day_of(due(begun, days) - timedelta(seconds=1))

    between = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    worked = [one for one in between if calendar.is_working_day(one, calendar=OFF)]

    assert len(worked) == days
    assert worked[-1] == last


def test_the_limit_is_the_platforms_own() -> None:
    limit = evidence.appeal_limit(on=at(7, 5).date())

    assert (limit.working_days, limit.rule) == (5, "platform whole@2000-01-01")
