"""Clocks, signers and steps of supervisory orders: both sides of each boundary."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI, day_of
from reference import holidays, supervisions
from reference.packs import NothingInForce
from reference.terms import Level, SupervisionCause, SupervisionKind, SupervisionStep, UnitKind
from services.tasks.supervisionclimbs import rules as climbs
from services.tasks.supervisions import rules

OFF = holidays.calendar()
SECOND = timedelta(seconds=1)
KIND, STEP = SupervisionKind, SupervisionStep
DAY = date(2023, 6, 5)


def at(month: int, day: int, hour: int = 10, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("step", "kind", "since", "last"),
    [
        (STEP.RECEIPT, KIND.ASSIGNMENT, at(6, 5), date(2023, 6, 6)),
        (STEP.RECEIPT, KIND.ASSIGNMENT, at(6, 21), date(2023, 6, 25)),
        (STEP.ANSWER, KIND.ASSIGNMENT, at(6, 5), date(2023, 6, 19)),
        (STEP.ANSWER, KIND.WARNING, at(6, 5), date(2023, 6, 12)),
        (STEP.ANSWER, KIND.INTERVIEW, at(6, 5), date(2023, 6, 27)),
        # Sixty days from 5 June end on 4 August; from 4 June 2023 they would end on 3 August.
        (STEP.ANSWER, KIND.LISTING, at(6, 5), date(2023, 8, 4)),
        # The sixtieth day is a Saturday and moves to Monday.
        (STEP.ANSWER, KIND.LISTING, at(6, 6), date(2023, 8, 7)),
        (STEP.REDO, KIND.LISTING, at(6, 5), date(2023, 6, 12)),
        (STEP.ACCEPTANCE, KIND.SUPERVISION, at(6, 5), date(2023, 6, 12)),
        # Beyond the loaded calendar each day counts: too early rather than never.
        (STEP.RECEIPT, KIND.ASSIGNMENT, at(12, 31, year=2026), date(2027, 1, 1)),
    ],
)
def test_a_step_is_due_at_the_end_of_its_last_day(
    step: SupervisionStep, kind: SupervisionKind, since: datetime, last: date
) -> None:
    due = rules.due(step, kind, since=since, days_off=OFF)

    assert day_of(due.at - SECOND) == last
    assert day_of(due.at) == last + timedelta(days=1)
    assert due.rule == "platform whole@2000-01-01"


def test_a_warning_goes_out_working_days_before_the_last_one() -> None:
    due = rules.due(STEP.ANSWER, KIND.ASSIGNMENT, since=at(6, 5), days_off=OFF)
    assert due.warn_at == at(6, 15, 0)


def test_there_is_no_warning_where_the_time_is_too_short_for_one() -> None:
    row = supervisions.limit(STEP.ANSWER, KIND.ASSIGNMENT, on=DAY)
    soon = rules.until(at(6, 7, 0), row, since=at(6, 5), days_off=OFF)
    later = rules.until(at(6, 10, 0), row, since=at(6, 5), days_off=OFF)
    assert (soon.warn_at, later.warn_at) == (None, at(6, 7, 0))


def test_a_stated_deadline_ends_with_its_day() -> None:
    due = rules.stated_due(date(2023, 6, 30), KIND.LISTING, since=at(6, 5), days_off=OFF)
    assert due.at == at(7, 1, 0)


@given(st.integers(0, 400), st.integers(1, 60))
def test_an_extension_is_never_shorter_than_its_days_and_ends_on_a_worked_day(
    offset: int, days: int
) -> None:
    due_at = at(1, 2, 0) + timedelta(days=offset)
    extended = rules.extended(due_at, working_days=days, days_off=OFF)

    assert extended >= due_at + timedelta(days=days)
    assert rules.extended(due_at, working_days=days + 1, days_off=OFF) > extended


def test_an_extension_beyond_the_calendar_counts_every_day() -> None:
    assert rules.extended(at(12, 31, 0, year=2026), working_days=5, days_off=OFF) == at(
        1, 5, 0, year=2027
    )


@pytest.mark.parametrize(
    ("kind", "unit", "fits"),
    [
        (KIND.LISTING, UnitKind.DEPARTMENT, True),
        (KIND.INTERVIEW, UnitKind.DEPARTMENT, False),
        (KIND.INTERVIEW, UnitKind.COMMITTEE_OFFICE, True),
        (KIND.ASSIGNMENT, UnitKind.STATE_ENTERPRISE, False),
        (KIND.BULLETIN, UnitKind.SAFETY_COMMITTEE, True),
    ],
)
def test_a_kind_is_issued_by_the_units_of_its_row(
    kind: SupervisionKind, unit: UnitKind, fits: bool
) -> None:
    row = supervisions.rule(kind, on=DAY)
    assert rules.may_issue(row, kind=unit, level=Level.COUNTY) is fits
    higher = row.model_copy(update={"lowest": Level.CITY})
    assert not rules.may_issue(higher, kind=unit, level=Level.COUNTY)


@pytest.mark.parametrize(
    ("roles", "unit", "region", "signs"),
    [
        ({"leader"}, "430400.committee_office", "4304", True),
        ({"leader"}, "430400.government", "4304", True),
        ({"leader"}, "430400.housing", "4304", False),
        ({"leader"}, "430400.government", "43", False),
        ({"leader"}, "430400.government", None, False),
        ({"committee_office"}, "430400.committee_office", "4304", False),
    ],
)
def test_a_listing_is_signed_by_a_leader_of_the_unit_s_own_line_and_place(
    roles: set[str], unit: str, region: str | None, signs: bool
) -> None:
    row = supervisions.rule(KIND.LISTING, on=DAY)
    line = ("430400.committee_office", "430400.safety_committee", "430400.government")
    assert rules.signs(
        row, roles=roles, unit=unit, region=region, issuer=line[0], line=line
    ) is signs  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cause", "rectifies", "asks"),
    [
        (KIND.LISTING, SupervisionCause.FREE, False, True),
        (KIND.ASSIGNMENT, SupervisionCause.HAZARD, False, True),
        (KIND.ASSIGNMENT, SupervisionCause.OBLIGATION, True, True),
        (KIND.ASSIGNMENT, SupervisionCause.OBLIGATION, False, False),
        (KIND.URGING, SupervisionCause.HAZARD, True, False),
    ],
)
def test_the_five_are_asked_for_where_something_is_put_right_and_answered(
    kind: SupervisionKind, cause: SupervisionCause, rectifies: bool, asks: bool
) -> None:
    row = supervisions.rule(kind, on=DAY)
    assert rules.asks_for_five(row, cause=cause, rectifies=rectifies) is asks


@pytest.mark.parametrize(
    ("issuer", "unit", "reached"),
    [
        ("430400.committee_office", "430481.housing", True),
        ("430400.committee_office", "430400.housing", True),
        ("430400.committee_office", "430000.emergency", False),
        ("430400.committee_office", "430500.emergency", False),
        ("430481.committee_office", "430400.housing", False),
        ("430481.committee_office", "430482.housing", False),
        ("430000.government", "430481.housing", True),
    ],
)
def test_a_unit_supervises_its_own_place_and_those_below(
    issuer: str, unit: str, reached: bool
) -> None:
    assert rules.reaches(issuer, unit) is reached


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, True)])
def test_the_end_of_the_last_day_is_too_late(seconds: int, late: bool) -> None:
    due_at = at(6, 20, 0)
    assert rules.is_late(done_at=due_at + timedelta(seconds=seconds), due_at=due_at) is late


@pytest.mark.parametrize("kind", KIND)
def test_the_steps_that_follow_rise_and_each_follows_lawfully(kind: SupervisionKind) -> None:
    rows = supervisions.climbs(kind, on=DAY)
    instants = [climbs.reached_at(row, due_at=at(6, 20, 0), days_off=OFF) for row in rows]

    assert instants == sorted(set(instants))
    assert all(instant > at(6, 20, 0) for instant in instants)
    assert {row.follows for row in rows if row.automatic} <= {KIND.URGING}
    for row in rows:
        assert row.kind in supervisions.rule(row.follows, on=DAY).follows


@given(st.lists(st.text(min_size=1), max_size=5), st.integers(0, 9))
def test_each_step_is_told_one_higher_and_never_to_nobody(line: list[str], rung: int) -> None:
    told = climbs.superior(line, rung=rung, otherwise="issuer")

    assert told == (line[min(rung, len(line) - 1)] if line else "issuer")


def test_a_limit_that_no_pack_gives_is_an_error() -> None:
    with pytest.raises(NothingInForce):
        supervisions.limit(STEP.COMMITMENT, KIND.LISTING, on=DAY)
