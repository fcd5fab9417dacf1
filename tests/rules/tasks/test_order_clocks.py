"""When the steps of hotline orders are due: both sides of each limit, holidays among them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import SHANGHAI, BeyondCalendar, day_of
from reference import holidays, orders
from reference.packs import NothingInForce
from reference.terms import OrderClass, OrderStep
from services.tasks.orders import rules

OFF = holidays.calendar()
SECOND = timedelta(seconds=1)


def at(month: int, day: int, hour: int = 10, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def last_day(due: rules.Due) -> date:
    return day_of(due.at - SECOND)


@pytest.mark.parametrize(
    ("step", "order_class", "since", "last"),
    [
        # An ordinary week: the day it starts is not counted.
        (OrderStep.DISPATCH, OrderClass.COMPLAINT, at(6, 5), date(2023, 6, 6)),
        (OrderStep.SIGN, OrderClass.COMPLAINT, at(6, 5), date(2023, 6, 6)),
        (OrderStep.RETURN, OrderClass.COMPLAINT, at(6, 5), date(2023, 6, 6)),
        (OrderStep.DECIDE_RETURN, OrderClass.COMPLAINT, at(6, 5), date(2023, 6, 6)),
        (OrderStep.ARBITRATE, OrderClass.COMPLAINT, at(6, 21), date(2023, 6, 25)),
        (OrderStep.DECIDE_EXTENSION, OrderClass.COMPLAINT, at(6, 10), date(2023, 6, 12)),
        (OrderStep.HANDLE, OrderClass.URGENT, at(6, 5), date(2023, 6, 6)),
        (OrderStep.HANDLE, OrderClass.CONSULTATION, at(6, 5), date(2023, 6, 6)),
        (OrderStep.HANDLE, OrderClass.HELP, at(6, 5), date(2023, 6, 12)),
        (OrderStep.HANDLE, OrderClass.SUGGESTION, at(6, 5), date(2023, 6, 12)),
        (OrderStep.HANDLE, OrderClass.COMPLAINT, at(6, 5), date(2023, 6, 12)),
        (OrderStep.REDO, OrderClass.COMPLAINT, at(6, 5), date(2023, 6, 12)),
        (OrderStep.CALLBACK, OrderClass.COMPLAINT, at(6, 5), date(2023, 6, 8)),
        # Fifteen working days over the Dragon Boat holiday (22 to 24 June, 25 June worked).
        (OrderStep.HANDLE, OrderClass.COMPLEX, at(6, 5), date(2023, 6, 27)),
        # On the eve of a holiday, and over the longest ones.
        (OrderStep.RETURN, OrderClass.COMPLAINT, at(6, 21), date(2023, 6, 25)),
        (OrderStep.HANDLE, OrderClass.COMPLAINT, at(1, 19), date(2023, 1, 31)),
        (OrderStep.HANDLE, OrderClass.COMPLAINT, at(4, 27), date(2023, 5, 8)),
        (OrderStep.HANDLE, OrderClass.COMPLAINT, at(9, 28), date(2023, 10, 11)),
        (OrderStep.HANDLE, OrderClass.COMPLAINT, at(12, 29), date(2024, 1, 8)),
        # Taken on a day off, it runs from the next day that is worked.
        (OrderStep.SIGN, OrderClass.COMPLAINT, at(6, 10), date(2023, 6, 12)),
        # Sixty calendar days; a last day off moves on (4 August to 1 October is the 58th).
        (OrderStep.HANDLE, OrderClass.SAFETY_REPORT, at(6, 5), date(2023, 8, 4)),
        (OrderStep.HANDLE, OrderClass.SAFETY_REPORT, at(8, 4), date(2023, 10, 7)),
    ],
)
def test_a_step_is_over_at_midnight_of_its_last_day(
    step: OrderStep, order_class: OrderClass, since: datetime, last: date
) -> None:
    due = rules.due(step, order_class, since=since, days_off=OFF)

    assert due.at == calendar.closes_at(last)
    assert not rules.is_late(done_at=due.at - SECOND, due_at=due.at)
    assert rules.is_late(done_at=due.at, due_at=due.at)


@pytest.mark.parametrize(("step", "hours"), [(OrderStep.DISPATCH, 1), (OrderStep.SIGN, 2)])
def test_danger_to_life_runs_by_the_hour_through_nights_and_holidays(
    step: OrderStep, hours: int
) -> None:
    since = at(6, 22, 23)  # the night of a holiday

    due = rules.due(step, OrderClass.URGENT, since=since, days_off=OFF)

    assert due.at == since + timedelta(hours=hours)


def test_a_warning_goes_out_when_the_working_day_before_the_last_begins() -> None:
    over_a_weekend = rules.due(OrderStep.HANDLE, OrderClass.COMPLAINT, since=at(6, 5), days_off=OFF)

    assert over_a_weekend.warn_at == calendar.opens_at(date(2023, 6, 9))


def test_nothing_is_warned_of_that_would_not_come_later_than_the_beginning() -> None:
    row = orders.limit(OrderStep.HANDLE, OrderClass.COMPLAINT, on=date(2023, 6, 5))
    ends = rules.ends_at(row, length=1, since=at(6, 5), days_off=OFF)

    assert rules.warns_at(ends, working_days=1, since=at(6, 5), days_off=OFF) is None
    assert rules.warns_at(ends, working_days=0, since=at(6, 1), days_off=OFF) is None
    assert rules.warns_at(ends, working_days=1, since=at(6, 4), days_off=OFF) is not None


def test_an_extension_runs_on_from_the_last_day_there_was() -> None:
    row = orders.limit(OrderStep.EXTENSION, OrderClass.COMPLAINT, on=date(2023, 6, 5))

    ends = rules.extended(
        row, due_at=calendar.closes_at(date(2023, 6, 12)), length=10, days_off=OFF
    )

    assert ends == calendar.closes_at(date(2023, 6, 27))  # 22 to 24 June are off, 25 is worked
    assert (row.length, row.times) == (10, 1)


def test_a_report_of_a_violation_is_extended_by_calendar_days() -> None:
    row = orders.limit(OrderStep.EXTENSION, OrderClass.SAFETY_REPORT, on=date(2023, 6, 5))

    ends = rules.extended(row, due_at=calendar.closes_at(date(2023, 8, 4)), length=30, days_off=OFF)

    assert ends == calendar.closes_at(date(2023, 9, 4))  # the 30th day, 3 September, is a Sunday


def test_working_days_of_a_year_that_is_not_loaded_are_not_guessed() -> None:
    after = max(OFF.years) + 1
    with pytest.raises(BeyondCalendar):
        rules.due(
            OrderStep.HANDLE, OrderClass.COMPLAINT, since=at(12, 31, year=after - 1), days_off=OFF
        )


def test_an_order_is_taken_even_so_and_its_dispatch_due_the_next_day() -> None:
    eve = at(12, 31, year=max(OFF.years))

    due = rules.due_even_so(OrderStep.DISPATCH, OrderClass.COMPLAINT, since=eve, days_off=OFF)

    assert last_day(due) == date(max(OFF.years) + 1, 1, 1)
    known = rules.due_even_so(
        OrderStep.DISPATCH, OrderClass.COMPLAINT, since=at(6, 5), days_off=OFF
    )
    assert last_day(known) == date(2023, 6, 6)


DESK, COUNTY_OFFICE, CITY_OFFICE = (
    "430400.government_office",
    "430481.committee_office",
    "430400.committee_office",
)


@pytest.mark.parametrize(
    ("desk", "parties", "decides"),
    [
        (DESK, ["430481.housing"], DESK),
        (DESK, [DESK], COUNTY_OFFICE),
        (None, ["430481.housing"], COUNTY_OFFICE),
        (None, [COUNTY_OFFICE], CITY_OFFICE),
        (COUNTY_OFFICE, [COUNTY_OFFICE], CITY_OFFICE),
    ],
)
def test_nobody_decides_in_their_own_case(
    desk: str | None, parties: list[str], decides: str
) -> None:
    found = rules.decider("430481", desk=desk, parties=parties, on=date(2023, 6, 5))

    assert found == decides


def test_calendar_days_of_a_year_that_is_not_loaded_end_on_their_last_day() -> None:
    late = at(12, 1, year=max(OFF.years))

    due = rules.due(OrderStep.HANDLE, OrderClass.SAFETY_REPORT, since=late, days_off=OFF)

    assert last_day(due) == late.date() + timedelta(days=60)


def test_the_row_of_the_class_goes_before_that_of_all_and_the_city_s_before_the_nation_s() -> None:
    on = date(2023, 6, 5)

    assert orders.limit(OrderStep.SIGN, OrderClass.URGENT, on=on).counting == "hours"
    assert orders.limit(OrderStep.SIGN, OrderClass.HELP, on=on).counting == "working_days"
    theirs = orders.limit(OrderStep.HANDLE, OrderClass.COMPLAINT, on=on)
    before = orders.limit(OrderStep.HANDLE, OrderClass.COMPLAINT, on=date(2020, 12, 31))
    assert theirs.rule != before.rule == "platform whole@2000-01-01"
    with pytest.raises(NothingInForce):
        orders.limit(OrderStep.HANDLE, OrderClass.COMPLAINT, on=date(1999, 12, 31))


@pytest.mark.parametrize(("day", "days"), [(date(2018, 1, 3), None), (date(2018, 1, 4), 60)])
def test_the_sixty_days_of_a_report_began_with_their_measures(day: date, days: int | None) -> None:
    if days is None:
        with pytest.raises(NothingInForce):
            orders.limit(OrderStep.HANDLE, OrderClass.SAFETY_REPORT, on=day)
    else:
        row = orders.limit(OrderStep.HANDLE, OrderClass.SAFETY_REPORT, on=day)
        assert (row.length, row.counting) == (days, "calendar_days")


@given(
    day=st.dates(date(2020, 1, 2), date(2026, 10, 1)),
    hour=st.integers(0, 23),
    order_class=st.sampled_from(OrderClass),
    step=st.sampled_from([OrderStep.SIGN, OrderStep.HANDLE, OrderStep.RETURN, OrderStep.CALLBACK]),
)
def test_a_step_of_days_counts_just_as_many_worked_days_as_its_row_says(
    day: date, hour: int, order_class: OrderClass, step: OrderStep
) -> None:
    begun = calendar.opens_at(day) + timedelta(hours=hour)
    row = orders.limit(step, order_class, on=day_of(begun))
    due = rules.due(step, order_class, since=begun, days_off=OFF)

    assert due.at > begun
    assert due.warn_at is None or begun < due.warn_at < due.at
    if row.counting == "working_days":
        first, days = day_of(begun), (last_day(due) - day_of(begun)).days
        worked = [
            found
            for n in range(1, days + 1)
            if calendar.is_working_day(found := first + timedelta(days=n), calendar=OFF)
        ]
        assert len(worked) == row.length
        assert worked[-1] == last_day(due)
