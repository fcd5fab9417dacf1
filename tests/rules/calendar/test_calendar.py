"""Days as the law counts them, on both sides of every boundary."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar as days
from kernel.calendar import BeyondCalendar, Cadence, Calendar
from reference import holidays

CALENDAR = holidays.calendar()
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
LOADED = st.dates(FIRST, LAST)


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        (date(2023, 1, 19), 5, date(2023, 1, 31)),
        (date(2023, 4, 27), 5, date(2023, 5, 8)),
        (date(2023, 9, 28), 5, date(2023, 10, 11)),
        (date(2024, 2, 8), 3, date(2024, 2, 19)),
        (date(2025, 1, 24), 5, date(2025, 2, 7)),
        (date(2026, 2, 12), 7, date(2026, 2, 28)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        (date(2023, 12, 29), 5, date(2024, 1, 8)),
        (date(2023, 1, 19), 0, date(2023, 1, 19)),
    ],
)
def test_working_days_are_added_without_counting_the_start(
    start: date, count: int, last: date
) -> None:
    assert days.add_working_days(start, count, calendar=CALENDAR) == last
    assert days.working_days_between(start, last, calendar=CALENDAR) == count


@pytest.mark.parametrize(
    ("end", "count", "first"),
    [
        (date(2023, 1, 20), 1, date(2023, 1, 19)),
        (date(2023, 1, 27), 1, date(2023, 1, 20)),
        (date(2023, 1, 28), 1, date(2023, 1, 20)),
        (date(2023, 1, 29), 1, date(2023, 1, 28)),
        (date(2023, 1, 30), 3, date(2023, 1, 20)),
        (date(2023, 1, 24), 0, date(2023, 1, 24)),
    ],
)
def test_working_days_are_taken_off_without_counting_the_end(
    end: date, count: int, first: date
) -> None:
    assert days.subtract_working_days(end, count, calendar=CALENDAR) == first


@given(end=st.dates(date(2020, 6, 1), LAST), count=st.integers(0, 60))
def test_as_many_working_days_lie_between_as_were_taken_off(end: date, count: int) -> None:
    first = days.subtract_working_days(end, count, calendar=CALENDAR)

    worked = days.is_working_day(end, calendar=CALENDAR)
    between = days.working_days_between(first, end, calendar=CALENDAR)
    assert between == (count if worked or not count else count - 1)


def test_working_days_are_not_taken_off_into_a_year_that_is_not_loaded() -> None:
    with pytest.raises(BeyondCalendar):
        days.subtract_working_days(FIRST, 1, calendar=CALENDAR)


@pytest.mark.parametrize(("year", "count"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year: int, count: int) -> None:
    eve, end = date(year, 1, 1), date(year, 12, 31)
    first = days.is_working_day(eve, calendar=CALENDAR)
    assert first + days.working_days_between(eve, end, calendar=CALENDAR) == count


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2023, 1, 28), True),
        (date(2023, 1, 29), True),
        (date(2023, 4, 23), True),
        (date(2023, 10, 8), True),
        (date(2026, 2, 28), True),
        (date(2026, 10, 10), True),
        (date(2023, 1, 27), False),
        (date(2023, 1, 30), True),
        (date(2023, 9, 29), False),
        (date(2023, 9, 28), True),
        (date(2022, 12, 31), False),
        (date(2023, 6, 24), False),
        (date(2023, 6, 25), True),
        (date(2023, 6, 18), False),
    ],
)
def test_holidays_are_off_and_make_up_weekends_are_worked(day: date, worked: bool) -> None:
    assert days.is_working_day(day, calendar=CALENDAR) is worked


def test_a_day_beyond_the_loaded_years_is_refused() -> None:
    assert days.is_working_day(FIRST, calendar=CALENDAR) is False
    assert days.is_working_day(LAST, calendar=CALENDAR) is True
    for beyond in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        with pytest.raises(BeyondCalendar, match=str(beyond.year)):
            days.is_working_day(beyond, calendar=CALENDAR)


def test_a_period_that_runs_beyond_the_loaded_years_is_refused_not_guessed() -> None:
    assert days.add_working_days(date(2026, 12, 30), 1, calendar=CALENDAR) == LAST
    with pytest.raises(BeyondCalendar, match="2027-01-01"):
        days.add_working_days(date(2026, 12, 30), 2, calendar=CALENDAR)
    with pytest.raises(BeyondCalendar):
        days.working_days_between(LAST, date(2027, 1, 1), calendar=CALENDAR)


def test_an_empty_calendar_says_that_nothing_is_loaded() -> None:
    empty = Calendar(years=frozenset(), holidays=frozenset(), working_weekends=frozenset())
    with pytest.raises(BeyondCalendar, match="none"):
        days.is_working_day(date(2023, 1, 3), calendar=empty)


@pytest.mark.parametrize(
    "count",
    [
        lambda: days.add_working_days(FIRST, -1, calendar=CALENDAR),
        lambda: days.subtract_working_days(LAST, -1, calendar=CALENDAR),
        lambda: days.add_days(FIRST, -1),
        lambda: days.add_months(FIRST, -1),
        lambda: days.working_days_between(LAST, FIRST, calendar=CALENDAR),
    ],
)
def test_a_period_does_not_run_backwards(count: object) -> None:
    assert callable(count)
    with pytest.raises(ValueError, match="period"):
        count()


@given(start=st.dates(FIRST, date(2026, 6, 30)), count=st.integers(0, 60))
def test_adding_and_counting_working_days_agree(start: date, count: int) -> None:
    last = days.add_working_days(start, count, calendar=CALENDAR)
    assert days.working_days_between(start, last, calendar=CALENDAR) == count
    assert count == 0 or days.is_working_day(last, calendar=CALENDAR)


@given(start=st.dates(FIRST, date(2026, 6, 30)), some=st.integers(0, 30), more=st.integers(0, 30))
def test_a_period_can_be_counted_in_two_goes(start: date, some: int, more: int) -> None:
    halfway = days.add_working_days(start, some, calendar=CALENDAR)
    whole = days.add_working_days(start, some + more, calendar=CALENDAR)
    assert days.add_working_days(halfway, more, calendar=CALENDAR) == whole


@given(day=st.dates(FIRST, date(2026, 12, 25)))
def test_rolling_forward_stops_at_the_first_working_day(day: date) -> None:
    rolled = days.rolled_forward(day, calendar=CALENDAR)
    assert rolled >= day
    assert days.is_working_day(rolled, calendar=CALENDAR)
    between = [day + timedelta(days=n) for n in range((rolled - day).days)]
    assert not any(days.is_working_day(off, calendar=CALENDAR) for off in between)


@pytest.mark.parametrize(
    ("last", "moved"),
    [
        (date(2023, 9, 28), date(2023, 9, 28)),
        (date(2023, 9, 29), date(2023, 10, 7)),
        (date(2023, 1, 28), date(2023, 1, 28)),
        (date(2023, 5, 13), date(2023, 5, 15)),
    ],
)
def test_a_last_day_off_moves_to_the_next_working_day(last: date, moved: date) -> None:
    assert days.rolled_forward(last, calendar=CALENDAR) == moved


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2025, 4, 29), 10, date(2026, 2, 28)),
        (date(2025, 4, 29), 12, date(2026, 4, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2023, 12, 31), 0, date(2023, 12, 31)),
        (date(2023, 12, 1), 1, date(2024, 1, 1)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(start: date, months: int, last: date) -> None:
    assert days.add_months(start, months) == last


def test_a_leap_day_comes_back_as_the_last_of_february() -> None:
    assert days.add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert days.add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(start=LOADED, months=st.integers(0, 60))
def test_months_keep_the_day_unless_it_does_not_exist(start: date, months: int) -> None:
    last = days.add_months(start, months)
    assert last.day == start.day or (last + timedelta(days=1)).day == 1
    assert (last.year - start.year) * 12 + last.month - start.month == months


@pytest.mark.parametrize(("count", "closing"), [(30, "2020-12-30"), (7, "2020-12-07")])
def test_a_window_closes_at_midnight_after_its_last_day(count: int, closing: str) -> None:
    closes = days.window_closes_at(date(2020, 11, 29), count)
    assert closes == datetime.fromisoformat(f"{closing}T00:00:00+08:00")
    assert days.day_of(closes - timedelta(microseconds=1)) == days.add_days(
        date(2020, 11, 29), count
    )
    assert days.day_of(closes) == days.add_days(date(2020, 11, 29), count + 1)


def test_an_instant_falls_on_its_day_in_shanghai() -> None:
    assert days.day_of(datetime(2023, 5, 20, 15, 59, 59, tzinfo=UTC)) == date(2023, 5, 20)
    assert days.day_of(datetime(2023, 5, 20, 16, 0, 0, tzinfo=UTC)) == date(2023, 5, 21)


def test_an_instant_without_an_offset_has_no_day() -> None:
    with pytest.raises(ValueError, match="offset"):
        days.day_of(datetime(2023, 5, 20))  # noqa: DTZ001 -- a naive instant is the case


@pytest.mark.parametrize(
    ("day", "cadence", "first", "last"),
    [
        (date(2023, 5, 21), Cadence.WEEK, date(2023, 5, 15), date(2023, 5, 21)),
        (date(2023, 5, 22), Cadence.WEEK, date(2023, 5, 22), date(2023, 5, 28)),
        (date(2023, 2, 15), Cadence.HALF_MONTH, date(2023, 2, 1), date(2023, 2, 15)),
        (date(2023, 2, 16), Cadence.HALF_MONTH, date(2023, 2, 16), date(2023, 2, 28)),
        (date(2024, 2, 29), Cadence.HALF_MONTH, date(2024, 2, 16), date(2024, 2, 29)),
        (date(2023, 12, 31), Cadence.MONTH, date(2023, 12, 1), date(2023, 12, 31)),
        (date(2023, 3, 31), Cadence.QUARTER, date(2023, 1, 1), date(2023, 3, 31)),
        (date(2023, 4, 1), Cadence.QUARTER, date(2023, 4, 1), date(2023, 6, 30)),
        (date(2023, 6, 30), Cadence.HALF_YEAR, date(2023, 1, 1), date(2023, 6, 30)),
        (date(2023, 7, 1), Cadence.HALF_YEAR, date(2023, 7, 1), date(2023, 12, 31)),
        (date(2023, 7, 1), Cadence.YEAR, date(2023, 1, 1), date(2023, 12, 31)),
    ],
)
def test_periods_are_the_natural_ones(day: date, cadence: Cadence, first: date, last: date) -> None:
    assert days.period_of(day, cadence) == (first, last)


@given(day=LOADED, cadence=st.sampled_from(Cadence))
def test_periods_tile_the_calendar(day: date, cadence: Cadence) -> None:
    first, last = days.period_of(day, cadence)
    assert first <= day <= last
    assert days.period_of(first, cadence) == days.period_of(last, cadence) == (first, last)
    assert days.period_of(last + timedelta(days=1), cadence)[0] == last + timedelta(days=1)


@given(st.integers(2015, 2040), st.dates(date(2010, 1, 1), date(2045, 12, 31)))
def test_the_nearest_day_of_a_year_is_the_day_itself_or_an_end(year: int, day: date) -> None:
    found = days.nearest_in(year, day)

    ends = (date(year, 1, 1), date(year, 12, 31))
    assert found == (day if day.year == year else min(ends, key=lambda end: abs(end - day)))


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        (date(2023, 4, 27), datetime(2023, 5, 8, 16, tzinfo=UTC)),  # over Labour Day
        (date(2099, 12, 28), datetime(2100, 1, 2, 16, tzinfo=UTC)),  # no calendar: early
    ],
)
def test_so_many_working_days_close_early_where_no_calendar_is_loaded(
    start: date, ends: datetime
) -> None:
    assert days.working_days_close_at(start, 5, calendar=holidays.calendar()) == ends
