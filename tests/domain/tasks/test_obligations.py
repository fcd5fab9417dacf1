"""The life of an obligation, its deadlines, and who may review it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.tasks import ObligationKind
from kernel.calendar import day_of, is_working_day
from reference import holidays
from services.tasks.obligations import domain, rules
from services.tasks.obligations.domain import LIVE, TRANSITIONS, Action, ActionRefused, Status


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_only_declared_transitions_are_allowed(status: Status, action: Action) -> None:
    if (status, action) in TRANSITIONS:
        assert domain.after(status, action) is TRANSITIONS[status, action]
    else:
        with pytest.raises(ActionRefused):
            domain.after(status, action)


def test_nothing_leads_out_of_an_end() -> None:
    ends = {Status.FULFILLED, Status.SUPERSEDED, Status.EXCUSED}
    assert {*ends, Status.ACCEPTED, Status.RELEASED} == set(Status) - LIVE
    assert {status for status, _ in TRANSITIONS} == set(Status) - ends
    # Of what was accepted one thing can still be found: that it was not so.
    assert [a for s, a in TRANSITIONS if s is Status.ACCEPTED] == [Action.REOPEN]
    # What was released is owed after all, or was done although nobody owed it.
    assert [a for s, a in TRANSITIONS if s is Status.RELEASED] == [Action.RESUME, Action.FULFIL]


def test_every_live_state_can_be_ended_by_the_subject_s_work() -> None:
    reached = {Status.OPEN}
    for _ in Status:
        reached |= {after for (before, _), after in TRANSITIONS.items() if before in reached}
    assert reached == set(Status)


@pytest.mark.parametrize(
    ("metric", "kind"),
    [
        ("enterprise_lesson_meeting", ObligationKind.SPECIAL_MEETING),
        ("report_violation_accountability", ObligationKind.ACCOUNTABILITY),
        ("special_tour_inspection", ObligationKind.PLAN),
    ],
)
def test_the_figure_a_duty_is_counted_with_says_what_sort_it_is(
    metric: str, kind: ObligationKind
) -> None:
    assert domain.kind_of(metric) is kind


def test_a_period_ends_with_its_last_day_in_shanghai() -> None:
    due = rules.triggered_due(
        happened_on=date(2023, 5, 21), within_days=30, days_off=holidays.calendar()
    )

    assert due == datetime(2023, 6, 20, 16, 0, tzinfo=UTC)


def test_a_last_day_that_is_off_moves_to_the_next_working_day() -> None:
    due = rules.triggered_due(  # the thirtieth day is the Dragon Boat holiday of 2023
        happened_on=date(2023, 5, 23), within_days=30, days_off=holidays.calendar()
    )

    assert day_of(due - timedelta(seconds=1)) == date(2023, 6, 25)


def test_beyond_the_loaded_calendar_no_day_is_guessed_to_be_off() -> None:
    due = rules.triggered_due(
        happened_on=date(2031, 5, 1), within_days=None, days_off=holidays.calendar()
    )

    assert day_of(due - timedelta(seconds=1)) == date(2031, 5, 31)


@given(
    on=st.dates(date(2020, 1, 1), date(2026, 10, 1)), days=st.integers(min_value=0, max_value=60)
)
def test_a_period_is_never_shorter_than_the_plan_says_and_ends_on_a_working_day(
    on: date, days: int
) -> None:
    calendar = holidays.calendar()
    last = day_of(
        rules.triggered_due(happened_on=on, within_days=days, days_off=calendar)
        - timedelta(seconds=1)
    )

    assert last >= on + timedelta(days=days)
    assert is_working_day(last, calendar=calendar)


@pytest.mark.parametrize(
    ("reviewer", "region", "kind", "may"),
    [
        ("430481", "430481", "emergency", True),  # a department of the place
        ("430481", "430481", None, True),  # an enterprise of the place
        ("430481", "430481", "government", False),  # whom the office serves
        ("430481", "430481", "party_committee", False),
        ("4304", "430481", "government", True),
        ("4304", "430400", "government", False),
        ("43", "430400", "party_committee", True),
        ("430481", "430400", "emergency", False),  # from below
        ("430426", "430481", "emergency", False),  # from beside
    ],
)
def test_an_office_reviews_departments_beside_it_and_leaders_only_below_it(
    reviewer: str, region: str, kind: str | None, may: bool
) -> None:
    found = rules.may_review(reviewer_region=reviewer, region_code=region, unit_kind=kind)

    assert found is may


ENDED = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "rested", "due"),
    [
        # It was due by then.
        (ENDED, timedelta(days=9), ENDED),
        (ENDED - timedelta(hours=1), timedelta(days=9), ENDED - timedelta(hours=1)),
        # Hours go on as hours, last days as last days: 24:00 of 5 June, of 14 and 15 June.
        (
            ENDED + timedelta(hours=2),
            timedelta(days=9, minutes=1),
            ENDED + timedelta(days=9, hours=2, minutes=1),
        ),
        (
            datetime(2023, 6, 5, 16, tzinfo=UTC),
            timedelta(days=9),
            datetime(2023, 6, 14, 16, tzinfo=UTC),
        ),
        (
            datetime(2023, 6, 5, 16, tzinfo=UTC),
            timedelta(days=9, minutes=1),
            datetime(2023, 6, 15, 16, tzinfo=UTC),
        ),
        # Saturday 10 June is off: Monday 12.
        (
            datetime(2023, 6, 5, 16, tzinfo=UTC),
            timedelta(days=5),
            datetime(2023, 6, 12, 16, tzinfo=UTC),
        ),
        # Of 2031 nobody has said which days are off.
        (
            datetime(2030, 12, 31, 16, tzinfo=UTC),
            timedelta(days=5),
            datetime(2031, 1, 5, 16, tzinfo=UTC),
        ),
    ],
)
def test_what_nobody_owed_for_a_while_is_due_with_the_time_that_was_left(
    due_at: datetime, rested: timedelta, due: datetime
) -> None:
    ended_at = due_at - timedelta(hours=30) if due_at > ENDED + timedelta(days=99) else ENDED
    resumed = rules.resumed_due(
        due_at, ended_at=ended_at, resumed_at=ended_at + rested, days_off=holidays.calendar()
    )
    assert resumed == due
