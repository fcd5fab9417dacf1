"""By when somebody decides on a card."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import SHANGHAI
from reference import holidays, scoring
from services.tasks.cards import rules

DAYS_OFF = holidays.calendar()


def at(month: int, day: int, hour: int = 0, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (at(6, 5, 10), at(6, 20)),
        (at(6, 13) - timedelta(microseconds=1), at(6, 28)),
        (at(6, 13), at(6, 28)),  # 24:00 of the 12th: a festival and a worked Sunday follow
        (at(6, 13, 1), at(6, 29)),
        (at(12, 25, year=2090), at(1, 4, year=2091)),  # no holidays known: each day counts
    ],
)
def test_a_card_is_decided_on_ten_working_days_after_the_reply(
    since: datetime, due: datetime
) -> None:
    days = scoring.card_decision_days(on=date(2023, 6, 5))

    assert rules.decision_due(since=since, working_days=days, days_off=DAYS_OFF) == due


@given(
    st.timedeltas(timedelta(0), timedelta(days=300)),
    st.integers(1, 20),
)
def test_just_so_many_worked_days_lie_between(later: timedelta, days: int) -> None:
    since = at(1, 1) + later

    due = rules.decision_due(since=since, working_days=days, days_off=DAYS_OFF)

    first = calendar.day_of(since - timedelta(microseconds=1))
    last = calendar.day_of(due - timedelta(microseconds=1))
    between = [first + timedelta(days=one + 1) for one in range((last - first).days)]
    assert sum(calendar.is_working_day(day, calendar=DAYS_OFF) for day in between) == days
    assert calendar.is_working_day(last, calendar=DAYS_OFF)
