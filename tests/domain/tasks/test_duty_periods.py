"""In which periods a duty of a plan is owed, how often, and by whom who came later."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import Cadence
from reference import subjects, units
from reference.figures import MEASURED
from reference.terms import DutyKind
from services.tasks.openings import domain
from services.tasks.openings.domain import (
    TRANSITIONS,
    Occurrence,
    OpeningAction,
    OpeningStatus,
)
from services.tasks.plans.domain_duties import PlanDuty

YEARS = st.integers(2015, 2040)
JUNE = date(2023, 6, 1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def subjects_of(texts: tuple[str, ...]) -> tuple[str, ...]:
    roll = units.roll(on=JUNE)
    return subjects.meant(texts, lead=(), supporting=(), roll=roll, on=JUNE).units


def duty(kind: DutyKind = DutyKind.RECURRING_QUOTA, **values: object) -> PlanDuty:
    given: dict[str, object] = {
        "year": 2023,
        "version": 1,
        "code": "1.1",
        "kind": kind,
        "metric": "meeting",
        "subjects": (),
        "lead": (),
        "supporting": (),
        "rule": "plan-2023 1.1@v1",
    }
    return PlanDuty(**(given | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cadence", "number"),
    [
        (Cadence.YEAR, 1),
        (Cadence.HALF_YEAR, 2),
        (Cadence.QUARTER, 4),
        (Cadence.MONTH, 12),
        (Cadence.HALF_MONTH, 24),
        (Cadence.WEEK, 52),
    ],
)
def test_a_quota_is_owed_in_each_natural_period_of_the_year(cadence: Cadence, number: int) -> None:
    found = domain.occurrences(duty(cadence=cadence, least=2), issued_on=date(2023, 1, 1))

    assert len(found) == number
    assert {one.least for one in found} == {2}


@given(YEARS, st.sampled_from(Cadence))
def test_every_day_is_in_exactly_one_period_of_one_year(year: int, cadence: Cadence) -> None:
    found = [
        *domain.natural_periods(year - 1, cadence),
        *domain.natural_periods(year, cadence),
        *domain.natural_periods(year + 1, cadence),
    ]

    assert found == sorted(set(found))
    for day in (date(year, 1, 1), date(year, 7, 1), date(year, 12, 31)):
        assert any(first <= day <= last for first, last in found)
    for (_, last), (first, _) in pairwise(found):
        assert first == last + timedelta(days=1)


@given(DAYS, st.sampled_from(Cadence))
def test_a_period_that_ended_before_the_plan_was_issued_is_not_owed(
    issued_on: date, cadence: Cadence
) -> None:
    of = duty(cadence=cadence, year=issued_on.year)

    found = domain.occurrences(of, issued_on=issued_on)

    whole = list(domain.natural_periods(issued_on.year, cadence))
    assert [(one.first, one.last) for one in found] == [
        period for period in whole if not period[1] < issued_on
    ]


@pytest.mark.parametrize(("issued_on", "owed"), [(date(2023, 3, 31), 1), (date(2023, 4, 1), 0)])
def test_a_deadline_binds_only_if_the_plan_was_there_by_then(issued_on: date, owed: int) -> None:
    of = duty(DutyKind.DEADLINE_TASK, due_on=date(2023, 3, 31))

    found = domain.occurrences(of, issued_on=issued_on)

    assert len(found) == owed
    assert all(one.due_at == calendar.closes_at(date(2023, 3, 31)) for one in found)


@pytest.mark.parametrize(
    "kind", [kind for kind in DutyKind if kind is not DutyKind.RECURRING_QUOTA]
)
def test_what_has_no_cadence_is_owed_once_until_the_end_of_the_year(kind: DutyKind) -> None:
    found = domain.occurrences(duty(kind, least=7), issued_on=date(2023, 1, 1))

    if kind is DutyKind.EVENT_TRIGGERED:
        assert found == ()
        return
    (one,) = found
    assert (one.first, one.last) == (date(2023, 1, 1), date(2023, 12, 31))
    assert one.least == (None if kind in MEASURED else 1)


@given(st.integers(1, 30), DAYS, st.integers(0, 370), st.integers(-5, 380))
def test_a_newcomer_owes_the_share_of_the_days_that_are_left(
    least: int, first: date, length: int, offset: int
) -> None:
    one = Occurrence(first=first, last=first + timedelta(days=length), least=least)
    since = first + timedelta(days=offset)

    owed = domain.owed_since(one, kind=DutyKind.RECURRING_QUOTA, since=since, begun_on=first)

    days = [first + timedelta(days=n) for n in range(length + 1)]
    share = Fraction(least * sum(day >= since for day in days), len(days))
    assert owed == int(share + Fraction(1, 2))
    assert owed <= least


@pytest.mark.parametrize(("day", "owed"), [(15, 1), (16, 1), (17, 0)])
def test_half_a_month_left_is_a_whole_monthly_duty(day: int, owed: int) -> None:
    april = Occurrence(first=date(2023, 4, 1), last=date(2023, 4, 30), least=1)

    quota, since = DutyKind.RECURRING_QUOTA, date(2023, 4, day)
    assert domain.owed_since(april, kind=quota, since=since, begun_on=april.first) == owed


@pytest.mark.parametrize(("day", "owed"), [(1, 1), (28, 1), (29, 1), (30, 0)])
def test_who_was_there_on_the_day_it_was_opened_owes_it_whole(day: int, owed: int) -> None:
    april = Occurrence(first=date(2023, 4, 1), last=date(2023, 4, 30), least=1)

    quota, since = DutyKind.RECURRING_QUOTA, date(2023, 4, day)
    begun_on = date(2023, 4, 29)
    assert domain.owed_since(april, kind=quota, since=since, begun_on=begun_on) == owed


@pytest.mark.parametrize(
    "kind", [kind for kind in DutyKind if kind is not DutyKind.RECURRING_QUOTA]
)
def test_what_is_no_quota_is_owed_whole_however_late(kind: DutyKind) -> None:
    least = None if kind in MEASURED else 1
    year = Occurrence(first=date(2023, 1, 1), last=date(2023, 12, 31), least=least)

    last = date(2023, 12, 31)
    assert domain.owed_since(year, kind=kind, since=last, begun_on=year.first) == least


@pytest.mark.parametrize("named", [("city:lead",), ("city:involved", "county:government")])
def test_a_duty_that_nobody_leads_is_shared_by_nobody(named: tuple[str, ...]) -> None:
    of = duty(DutyKind.CONTINUOUS, subjects=named, supporting=("430400.housing",))

    assert of.sharing(units.roll(on=JUNE), on=JUNE) == frozenset()


def test_who_helps_owes_nothing_of_its_own_unless_it_is_named_beside() -> None:
    of = duty(
        DutyKind.CONTINUOUS,
        subjects=("city:involved", "city:regulator"),
        lead=("430400.ecology", "430400.emergency"),
        supporting=("430400.health", "430400.finance"),
    )

    sharing = of.sharing(units.roll(on=JUNE), on=JUNE)
    regulators = subjects_of(("city:regulator",))
    assert "430400.finance" in sharing
    assert sharing.isdisjoint({"430400.ecology", *regulators})


@pytest.mark.parametrize("status", OpeningStatus)
@pytest.mark.parametrize("action", OpeningAction)
def test_what_is_not_declared_does_not_happen(status: OpeningStatus, action: OpeningAction) -> None:
    allowed = (status, action) in TRANSITIONS
    assert domain.may(status, action) is allowed
    if not allowed:
        with pytest.raises(KeyError):
            domain.after(status, action)


def test_only_a_period_that_has_not_begun_gives_way_to_a_later_version() -> None:
    assert [status for status in OpeningStatus if domain.may(status, OpeningAction.SUPERSEDE)] == [
        OpeningStatus.WAITING
    ]
