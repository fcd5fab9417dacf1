"""What the unit of an accident tells the province itself, from when its hour runs, when it is late.

Order 21, article 6: from a larger accident on.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.terms import Grade, Level
from services.incidents.directreports import rules
from services.incidents.directreports.rules import Since

DAY = date(2023, 6, 1)
KNOWN = datetime(2023, 6, 1, 2, 5, tzinfo=UTC)
RECEIVED = datetime(2023, 6, 1, 2, 40, tzinfo=UTC)
REGRADED = datetime(2023, 6, 2, 8, 0, tzinfo=UTC)
INSTANTS = st.integers(0, 30 * 365 * 86_400).map(lambda s: KNOWN + timedelta(seconds=s))


@pytest.mark.parametrize("grade", Grade)
def test_a_unit_owes_the_province_its_word_from_a_larger_accident_on_and_nobody_else(
    grade: Grade,
) -> None:
    levels = [row.to_level for row in rules.owed(grade, on=DAY)]

    assert levels == ([Level.PROVINCE] if grade.at_least(Grade.LARGER) else [])


def test_before_the_order_it_owed_none() -> None:
    assert rules.owed(Grade.LARGER, on=date(2009, 6, 30)) == ()
    assert rules.owed(Grade.LARGER, on=date(2009, 7, 1)) != ()


@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("before", Grade)
def test_what_the_grade_before_asked_for_is_not_asked_anew(grade: Grade, before: Grade) -> None:
    anew = grade.at_least(Grade.LARGER) and not before.at_least(Grade.LARGER)

    assert bool(rules.owed(grade, on=DAY, before=before)) is anew


@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("before", [None, *Grade])
def test_the_nation_is_named_as_whom_it_may_tell_from_a_major_accident_on(
    grade: Grade, before: Grade | None
) -> None:
    named = {row.to_level: row.optional for row in rules.named(grade, on=DAY, before=before)}

    asked = {Level.PROVINCE: (Grade.LARGER, False), Level.NATIONAL: (Grade.MAJOR, True)}
    assert named == {
        level: optional
        for level, (least, optional) in asked.items()
        if grade.at_least(least) and not (before and before.at_least(least))
    }


@pytest.mark.parametrize(
    ("known_at", "regraded_at", "since", "counted_from"),
    [
        (KNOWN, None, Since.KNOWN, KNOWN),
        (None, None, Since.RECEIVED, RECEIVED),
        (KNOWN, REGRADED, Since.REGRADED, REGRADED),
        (None, REGRADED, Since.REGRADED, REGRADED),
    ],
)
def test_the_hour_runs_from_the_head_s_knowing_the_receipt_or_the_graver_grade(
    known_at: datetime | None,
    regraded_at: datetime | None,
    since: Since,
    counted_from: datetime,
) -> None:
    counted = rules.counted(known_at=known_at, received_at=RECEIVED, regraded_at=regraded_at)

    assert counted == (since, counted_from)


@given(INSTANTS, st.integers(-7200_000_000, 7200_000_000))
def test_a_unit_is_late_exactly_after_its_hour(counted_from: datetime, microseconds: int) -> None:
    [row] = rules.owed(Grade.LARGER, on=DAY)
    due_at = rules.due(row, counted_from=counted_from)
    told_at = counted_from + timedelta(hours=1, microseconds=microseconds)

    assert due_at == counted_from + timedelta(hours=1)
    assert rules.late(due_at=due_at, told_at=told_at) is (microseconds > 0)


@pytest.mark.parametrize(("over", "late"), [(-1, False), (0, False), (1, True)])
def test_the_full_hour_is_in_time_and_one_second_more_is_late(over: int, late: bool) -> None:
    [row] = rules.owed(Grade.MAJOR, on=DAY)
    due_at = rules.due(row, counted_from=KNOWN)
    told_at = KNOWN + timedelta(hours=1, seconds=over)

    assert rules.late(due_at=due_at, told_at=told_at) is late
