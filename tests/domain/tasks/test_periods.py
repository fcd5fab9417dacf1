"""Days on which something holds, against a counter that walks every day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.holders.domain import vacancies
from services.tasks.organisations.domain_periods import DAY, Period, gaps, runs

FIRST = date(2023, 1, 1)
HORIZON = 60
days = st.integers(0, HORIZON).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def period(draw: st.DrawFn) -> Period:
    first = draw(days)
    length = draw(st.none() | st.integers(0, 20))
    return Period(first=first, last=None if length is None else first + timedelta(days=length))


def walked(*periods: Period) -> set[date]:
    """Every day that any of the periods holds, as far as the horizon."""
    all_days = (FIRST + timedelta(days=n) for n in range(2 * HORIZON))
    return {day for day in all_days if any(one.holds(day) for one in periods)}


@given(period(), period())
def test_two_periods_meet_exactly_if_they_share_a_day(one: Period, other: Period) -> None:
    assert one.meets(other) == other.meets(one) == bool(walked(one) & walked(other))


@given(st.lists(period(), max_size=6), period())
def test_gaps_are_the_days_that_nobody_held(held: list[Period], within: Period) -> None:
    found = gaps(held, within=within)

    assert walked(*found) == walked(within) - walked(*held)
    assert all(not gap.empty for gap in found)
    for before, after in pairwise(found):
        assert before.last is not None
        assert after.first > before.last + DAY


@given(st.lists(period(), max_size=6))
def test_runs_hold_the_same_days_and_never_touch(periods: list[Period]) -> None:
    joined = runs(periods)

    assert walked(*joined) == walked(*periods)
    for before, after in pairwise(joined):
        assert before.last is not None
        assert after.first > before.last + DAY


@given(st.lists(period(), max_size=3), st.lists(period(), max_size=4), period())
def test_a_post_is_vacant_on_the_days_on_which_there_was_one_that_nobody_held(
    post: list[Period], held: list[Period], within: Period
) -> None:
    found = vacancies(post=post, held=held, within=within)

    assert walked(*found) == (walked(within) & walked(*post)) - walked(*held)


@pytest.mark.parametrize(("last", "empty"), [(None, False), (FIRST, False), (FIRST - DAY, True)])
def test_a_period_of_one_day_is_not_empty(last: date | None, empty: bool) -> None:
    assert Period(first=FIRST, last=last).empty is empty
