"""The clock of an investigation: limits, extensions, appraisals and reviews, over ten years."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from services.incidents.clocks import rules
from services.incidents.clocks.rules import Allowance, Interval, Stage, Story, Stretch

START = date(2023, 6, 1)
DAY = timedelta(days=1)
STORY = Story(starts_on=START, investigation=Allowance(days=60), approval=Allowance(days=15))
COUNTED = {Stretch.INVESTIGATION, Stretch.EXTENSION}


def after(days: int) -> date:
    return START + DAY * days


@pytest.mark.parametrize(
    ("extended", "day", "overdue"),
    [(0, 60, False), (0, 61, True), (60, 120, False), (60, 121, True), (1, 61, False)],
)
def test_sixty_days_and_what_was_granted_end_with_their_last_day(
    extended: int, day: int, overdue: bool
) -> None:
    story = replace(STORY, investigation=Allowance(days=60, extended=extended))
    clock = rules.run(story, today=after(day))

    assert (clock.due_on, clock.overdue) == (after(60 + extended), overdue)
    assert clock.used == day


@pytest.mark.parametrize(
    ("allowed", "day", "overdue"),
    [
        (Allowance(days=15), 15, False),
        (Allowance(days=15), 16, True),
        (Allowance(days=30), 30, False),
        (Allowance(days=30), 31, True),
        (Allowance(days=30, extended=30), 60, False),
        (Allowance(days=30, extended=30), 61, True),
    ],
)
def test_the_approval_has_its_own_days_from_the_day_the_report_came(
    allowed: Allowance, day: int, overdue: bool
) -> None:
    story = replace(STORY, approval=allowed, reviews=(Interval(after=after(50)),))
    clock = rules.run(story, today=after(50 + day))

    assert (clock.stage, clock.overdue) == (Stage.APPROVAL, overdue)
    assert clock.due_on == after(50 + allowed.total)
    assert clock.used == 50


def test_an_appraisal_moves_the_last_day_by_its_days_and_shows_in_the_bar() -> None:
    story = replace(STORY, appraisals=(Interval(after=after(10), until=after(25)),))
    clock = rules.run(story, today=after(40))

    assert clock.due_on == after(75)
    assert [(one.kind, one.first, one.last, one.days) for one in clock.segments] == [
        (Stretch.INVESTIGATION, after(1), after(10), 10),
        (Stretch.APPRAISAL, after(11), after(25), 0),
        (Stretch.INVESTIGATION, after(26), after(40), 15),
    ]
    assert (clock.used, clock.excluded, clock.case_due_on) == (25, 15, after(90))


def test_appraisals_that_overlap_are_counted_once() -> None:
    appraisals = (
        Interval(after=after(10), until=after(25)),
        Interval(after=after(20), until=after(30)),
        Interval(after=after(30), until=after(31)),
    )
    clock = rules.run(replace(STORY, appraisals=appraisals), today=after(40))

    assert (clock.excluded, clock.due_on) == (21, after(81))


@pytest.mark.parametrize(("begun", "due"), [(59, 70), (60, 60), (61, 60)])
def test_an_appraisal_that_begins_when_the_limit_has_run_out_stops_nothing(
    begun: int, due: int
) -> None:
    appraisal = Interval(after=after(begun), until=after(begun + 10))
    clock = rules.run(replace(STORY, appraisals=(appraisal,)), today=after(80))

    assert clock.due_on == after(due)


def test_while_an_appraisal_is_open_the_last_day_moves_on() -> None:
    story = replace(STORY, appraisals=(Interval(after=after(10)),))

    for day in (10, 11, 500):
        clock = rules.run(story, today=after(day))
        assert (clock.paused, clock.overdue, clock.due_on) == (True, False, after(day + 50))


def test_a_returned_report_finds_the_days_that_were_left() -> None:
    story = replace(STORY, reviews=(Interval(after=after(50), until=after(58)),))
    clock = rules.run(story, today=after(60))

    assert (clock.stage, clock.used, clock.due_on) == (Stage.INVESTIGATION, 52, after(68))


def test_after_the_approval_nothing_is_due_by_a_number_of_days() -> None:
    story = replace(
        STORY, reviews=(Interval(after=after(50), until=after(58)),), approved_on=after(58)
    )
    waiting = rules.run(story, today=after(70))
    done = rules.run(replace(story, published_on=after(65)), today=after(70))

    assert (waiting.stage, waiting.due_on, waiting.overdue) == (Stage.PUBLICATION, None, False)
    assert waiting.segments[-1].kind is Stretch.PUBLICATION
    assert (done.stage, done.segments[-1].last) == (Stage.DONE, after(65))


@pytest.mark.parametrize(("granted", "left"), [(0, 60), (59, 1), (60, 0), (61, 0)])
def test_extensions_together_stay_within_the_law(granted: int, left: int) -> None:
    assert rules.room_to_extend(granted=granted, most=60) == left


def test_warnings_come_with_whole_days_left_earliest_first() -> None:
    assert rules.warnings(after(60), (3, 15)) == (
        calendar.closes_at(after(45)),
        calendar.closes_at(after(57)),
    )


def test_stages_follow_one_another() -> None:
    story = replace(
        STORY,
        reviews=(Interval(after=after(5), until=None),),
    )

    assert rules.stage_of(story, today=after(4)) is Stage.INVESTIGATION
    assert rules.stage_of(story, today=after(5)) is Stage.APPROVAL
    assert rules.case_due(story, excluded=7) == after(82)


starts = st.dates(date(2020, 1, 1), date(2029, 12, 31))
spans = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), max_size=6)


def _story(start: date, spans: list[tuple[int, int]], extended: int) -> Story:
    appraisals = tuple(
        Interval(after=start + DAY * begun, until=start + DAY * (begun + length))
        for begun, length in spans
    )
    return replace(
        STORY,
        starts_on=start,
        investigation=Allowance(days=60, extended=extended),
        appraisals=appraisals,
    )


def _due(start: date, spans: list[tuple[int, int]], allowed: int) -> int:
    """The last day by another way: merge what began in time, push the end by what it adds."""
    due, standing_until = allowed, 0
    for begun, length in sorted(spans):
        if begun < due:
            end = max(begun + length, standing_until)
            due += end - max(begun, standing_until)
            standing_until = end
    return due


@given(starts, spans, st.integers(0, 60))
def test_the_last_day_is_the_limit_and_the_union_of_the_appraisals(
    start: date, spans: list[tuple[int, int]], extended: int
) -> None:
    story = _story(start, spans, extended)
    due = _due(start, spans, 60 + extended)

    on_the_day = rules.run(story, today=start + DAY * due)
    the_day_after = rules.run(story, today=start + DAY * (due + 1))

    assert on_the_day.due_on == the_day_after.due_on == start + DAY * due
    assert (on_the_day.overdue, the_day_after.overdue) == (False, True)


@given(starts, spans, st.integers(0, 60), st.integers(0, 3650))
def test_every_day_since_the_accident_lies_in_one_segment(
    start: date, spans: list[tuple[int, int]], extended: int, passed: int
) -> None:
    today = start + DAY * passed
    clock = rules.run(_story(start, spans, extended), today=today)
    days = [
        one.first + DAY * number
        for one in clock.segments
        for number in range((one.last - one.first).days + 1)
    ]

    assert days == [start + DAY * number for number in range(1, passed + 1)]
    assert clock.used + clock.excluded == passed
    counted = sum(one.days for one in clock.segments if one.kind in COUNTED)
    assert counted <= 60 + extended
    assert all(
        first.kind is not second.kind
        for first, second in zip(clock.segments, clock.segments[1:], strict=False)
    )


@given(starts, spans, st.integers(0, 59), st.integers(0, 500))
def test_more_days_never_bring_the_last_day_nearer(
    start: date, spans: list[tuple[int, int]], extended: int, passed: int
) -> None:
    today = start + DAY * passed
    less = rules.run(_story(start, spans, extended), today=today).due_on
    more = rules.run(_story(start, spans, extended + 1), today=today).due_on

    assert less is not None
    assert more is not None
    assert more > less


@given(starts, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_days_at_the_government_are_not_days_of_investigating(
    start: date, rounds: list[tuple[int, int]]
) -> None:
    day, reviews, worked, reviewed = 0, [], 0, 0
    for working, reviewing in rounds:
        reviews.append(
            Interval(
                after=start + DAY * (day + working),
                until=start + DAY * (day + working + reviewing),
            )
        )
        day, worked, reviewed = day + working + reviewing, worked + working, reviewed + reviewing
    clock = rules.run(
        replace(STORY, starts_on=start, reviews=tuple(reviews)), today=start + DAY * day
    )

    assert clock.used == worked
    assert clock.due_on == (start + DAY * (60 + reviewed) if worked < 60 else clock.due_on)
