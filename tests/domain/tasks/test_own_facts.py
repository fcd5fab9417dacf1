"""Whom a unit's delay concerns of those a duty means, and what never sets anything off."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from services.tasks.obligations.domain import Cause
from services.tasks.triggers import domain

DAY = date(2023, 7, 3)
COUNTY, CITY = "430481", "430400"
OFFICES = {f"{COUNTY}.committee_office", f"{CITY}.committee_office"}
NAMING = ("city:committee_office", "county:committee_office")


@given(st.sampled_from(Cause), st.sampled_from(["2023/33.1", "2023/4.1", "relay:1", "attendance"]))
def test_only_tasks_of_a_plan_are_accounted_for_and_no_delay_begets_another(
    cause: Cause, duty: str
) -> None:
    wanted = duty.startswith("2023/") and cause is not Cause.OVERDUE
    assert domain.pulls(cause, duty) is wanted


@pytest.mark.parametrize(
    ("due_on", "day"),
    [
        (date(2023, 6, 30), date(2023, 6, 30)),
        (date(2023, 12, 31), date(2023, 12, 31)),
        (date(2024, 1, 2), date(2023, 12, 31)),
        (date(2022, 12, 30), date(2023, 1, 1)),
    ],
)
def test_a_task_is_missed_on_its_last_day_within_the_year_of_its_plan(
    due_on: date, day: date
) -> None:
    assert domain.missed_on("2023/4.1", calendar.closes_at(due_on)) == day


def test_one_day_is_one_occasion_to_each_who_answers() -> None:
    days, bearers = (DAY, date(2023, 7, 4)), ("a", "b")
    every = {domain.occasion(one, found_on=day) for one in bearers for day in days}

    assert len(every) == 4
    assert domain.occasion("a", found_on=DAY) == domain.occasion("a", found_on=DAY)


@pytest.mark.parametrize(
    ("late", "named"),
    [
        (f"{COUNTY}.housing", {f"{COUNTY}.committee_office"}),
        (f"{COUNTY}.government", {f"{CITY}.committee_office"}),  # nobody judges whom it serves
        (f"{CITY}.housing", {f"{CITY}.committee_office"}),
        (f"{CITY}.government", set()),
        ("430473.new_bureau", {f"{CITY}.committee_office"}),  # a park is nobody's county's
    ],
)
def test_the_nearest_office_that_may_judge_the_late_looks_after_it(
    late: str, named: set[str]
) -> None:
    assert domain.concerned(NAMING, OFFICES, late=late, on=DAY) == named


def test_an_office_is_concerned_only_where_the_duty_names_it_as_one() -> None:
    late, other = f"{COUNTY}.housing", f"{COUNTY}.emergency"
    meant = {late, other, *OFFICES}

    assert domain.concerned(("county:regulator",), meant, late=late, on=DAY) == {late}
    assert domain.concerned(("county:regulator",), {other}, late=late, on=DAY) == set()
    assert domain.concerned(("county:regulator", *NAMING), meant, late=late, on=DAY) == {
        late,
        f"{COUNTY}.committee_office",
    }
