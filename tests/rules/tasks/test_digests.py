"""On which mornings digests go out, how far they look, and what they count."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI, closes_at
from reference import holidays, national
from services.tasks.digests import domain, rules
from services.tasks.digests.domain import Counts, Owed

DAYS_OFF = holidays.calendar()
ROW = national.DIGESTS.one("digest", on=date(2023, 1, 1))
ID = UUID(int=1)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2023, 1, 20), True),
        *((date(2023, 1, day), False) for day in range(21, 28)),
        (date(2023, 1, 28), True),  # a Saturday that makes up for the festival
        (date(2023, 1, 29), True),  # and its Sunday
        (date(2023, 2, 4), False),
        (date(2090, 5, 5), True),  # a Friday of a year whose holidays nobody knows yet
        (date(2090, 5, 6), False),
    ],
)
def test_digests_go_out_on_working_days(day: date, worked: bool) -> None:
    assert rules.is_worked(day, days_off=DAYS_OFF) is worked


@pytest.mark.parametrize(
    ("after", "following"),
    [
        (date(2023, 1, 19), date(2023, 1, 20)),
        (date(2023, 1, 20), date(2023, 1, 28)),
        (date(2023, 1, 24), date(2023, 1, 28)),
        (date(2023, 1, 28), date(2023, 1, 29)),
        (date(2023, 1, 29), date(2023, 1, 30)),
    ],
)
def test_the_next_one_goes_out_after_the_festival(after: date, following: date) -> None:
    assert rules.next_worked(after, days_off=DAYS_OFF) == following


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2023, 1, 20), date(2023, 1, 30)),
        (date(2023, 1, 28), date(2023, 1, 31)),
        (date(2023, 6, 1), date(2023, 6, 6)),
    ],
)
def test_soon_is_within_three_working_days(day: date, last: date) -> None:
    assert rules.soon_until(day, row=ROW, days_off=DAYS_OFF) == closes_at(last)


def test_it_goes_out_in_the_morning() -> None:
    morning = rules.goes_out_at(date(2023, 6, 1), row=ROW)

    assert morning == datetime(2023, 6, 1, 8, 30, tzinfo=SHANGHAI)


DAY = date(2023, 6, 1)
NOW = rules.goes_out_at(DAY, row=ROW)
ENDS, SOON = closes_at(DAY), closes_at(date(2023, 6, 6))
HAIR = timedelta(microseconds=1)


def counted(*dues: datetime) -> Counts:
    owed = [Owed(kind="obligation", id=ID, due_at=due) for due in dues]
    return domain.counts(owed, now=NOW, day_ends=ENDS, soon_until=SOON)


@pytest.mark.parametrize(
    ("due", "counts"),
    [
        (NOW - HAIR, Counts(overdue=1)),
        (NOW, Counts(overdue=1)),
        (NOW + HAIR, Counts(due_today=1)),
        (ENDS, Counts(due_today=1)),
        (ENDS + HAIR, Counts(due_soon=1)),
        (SOON, Counts(due_soon=1)),
        (SOON + HAIR, Counts()),
    ],
)
def test_each_deadline_is_counted_on_its_side_of_each_bound(due: datetime, counts: Counts) -> None:
    assert counted(due) == counts


@given(st.lists(st.timedeltas(timedelta(days=-30), timedelta(days=30)), max_size=30))
def test_nothing_is_counted_twice_and_nothing_within_reach_is_left_out(
    offsets: list[timedelta],
) -> None:
    dues = [NOW + offset for offset in offsets]

    found = counted(*dues)

    total = found.overdue + found.due_today + found.due_soon
    assert total == sum(due <= SOON for due in dues)
