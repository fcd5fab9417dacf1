"""The parts of post-holders and the outlook, against counting day by day."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from kernel.calendar import Cadence
from services.tasks.progress.rules import Owed, Term, in_words, outlook, parts

DAY = timedelta(days=1)
YEAR = Owed(least=4, first=date(2023, 1, 1), last=date(2023, 12, 31))
ONE, OTHER = UUID(int=1), UUID(int=2)


def days(owed: Owed) -> list[date]:
    count = (owed.last - owed.first).days + 1
    return [owed.first + DAY * n for n in range(count)]


@st.composite
def posts(draw: st.DrawFn) -> list[Term]:
    """Terms one after the other, with gaps, some before or beyond the period."""
    at = date(2022, 11, 1)
    terms = []
    for _ in range(draw(st.integers(0, 5))):
        first = at + DAY * draw(st.integers(0, 120))
        last = first + DAY * draw(st.integers(0, 200))
        terms.append(Term(person=UUID(int=draw(st.integers(1, 3))), first=first, last=last))
        at = last + DAY
    if terms and draw(st.booleans()):
        terms[-1] = Term(person=terms[-1].person, first=terms[-1].first)
    return terms


OWED = st.builds(
    lambda least, offset, length: Owed(
        least=least,
        first=date(2023, 1, 1) + DAY * offset,
        last=date(2023, 1, 1) + DAY * (offset + length),
    ),
    least=st.integers(1, 12),
    offset=st.integers(0, 90),
    length=st.integers(0, 400),
)


def holder(terms: list[Term], day: date) -> UUID | None:
    held = [t.person for t in terms if t.first <= day and (t.last is None or day <= t.last)]
    return held[0] if held else None


@given(owed=OWED, terms=posts(), data=st.data())
def test_parts_are_those_of_a_count_day_by_day(
    owed: Owed, terms: list[Term], data: st.DataObject
) -> None:
    done = data.draw(st.lists(st.sampled_from(days(owed)), max_size=6))

    found = parts(owed, terms=terms, counted=done)

    held = Counter(holder(terms, day) for day in days(owed))
    by_person = {part.person: part for part in found}
    assert {person: part.days for person, part in by_person.items()} == dict(held)
    assert sum(part.owed for part in found) == owed.least
    for person, part in by_person.items():
        exact = Fraction(owed.least * held[person], sum(held.values()))
        assert abs(part.owed - exact) < 1
        assert part.counted == sum(holder(terms, day) == person for day in done)
    for one in found:
        for other in found:  # who held it longer owes no less
            assert one.days <= other.days or one.owed >= other.owed


def test_equal_remainders_go_to_the_earlier_holder_and_vacant_days_to_the_unit() -> None:
    terms = [
        Term(person=ONE, first=date(2023, 1, 1), last=date(2023, 1, 10)),
        Term(person=OTHER, first=date(2023, 1, 11), last=date(2023, 1, 20)),
    ]
    owed = Owed(least=1, first=date(2023, 1, 1), last=date(2023, 1, 30))

    found = parts(owed, terms=terms, counted=[date(2023, 1, 25)])

    assert [(p.person, p.days, p.owed, p.counted) for p in found] == [
        (ONE, 10, 1, 0),
        (OTHER, 10, 0, 0),
        (None, 10, 0, 1),
    ]


@given(owed=OWED, spacing=st.none() | st.sampled_from(Cadence), data=st.data())
def test_what_can_still_be_done_is_what_doing_it_day_by_day_would_give(
    owed: Owed, spacing: Cadence | None, data: st.DataObject
) -> None:
    owed = Owed(least=owed.least, first=owed.first, last=owed.last, spacing=spacing)
    done = data.draw(st.lists(st.sampled_from(days(owed)), max_size=4, unique=True))
    if spacing is not None:
        spans = {calendar.period_of(day, spacing): day for day in done}
        done = list(spans.values())
    today = data.draw(st.dates(owed.first - DAY * 40, owed.last + DAY * 40))

    found = outlook(owed, counted=done, today=today)

    left = [day for day in days(owed) if day >= today]
    if spacing is None:
        more = owed.least if left else 0
    else:
        taken = {calendar.period_of(day, spacing) for day in done}
        more = len({calendar.period_of(day, spacing) for day in left} - taken)
    assert found.missing == max(0, owed.least - len(done))
    assert found.possible is (more >= found.missing)
    so_far = [day for day in days(owed) if day <= today]
    months = {(day.year, day.month) for day in so_far}
    empty = months - {(day.year, day.month) for day in done}
    assert {(month.year, month.month) for month in found.empty_months} == empty
    should = owed.least * len(so_far) // len(days(owed))
    assert found.on_pace is (len(done) >= should)


@pytest.mark.parametrize(
    ("done", "today", "waiting", "zh", "en"),
    [
        (
            [date(2023, 2, 3), date(2023, 5, 9)],
            date(2023, 9, 1),
            0,
            "还差 2 次，须在 2023 年 12 月 31 日 前完成，5 月以来没有开展。",
            "2 more by 31 December 2023, none since May.",
        ),
        (
            [],
            date(2023, 3, 1),
            1,
            "还差 4 次，须在 2023 年 12 月 31 日 前完成，尚未开展过，1 次待审核。",
            "4 more by 31 December 2023, none yet, 1 waiting for review.",
        ),
        (
            [date(2023, 11, 2)],
            date(2023, 11, 20),
            0,
            "还差 3 次，须在 2023 年 12 月 31 日 前完成，进度落后。",
            "3 more by 31 December 2023, behind.",
        ),
        (
            [date(2023, 11, 2)],
            date(2024, 1, 1),
            0,
            "还差 3 次，须在 2023 年 12 月 31 日 前完成，11 月以来没有开展，已无法按期完成。",
            "3 more by 31 December 2023, none since November, cannot be done in time any more.",
        ),
        (
            [date(2023, 1, 2), date(2023, 2, 2), date(2023, 3, 2), date(2023, 4, 2)],
            date(2023, 5, 1),
            0,
            "已完成 4 次，达到要求的 4 次。",
            "Done: 4 of 4.",
        ),
    ],
)
def test_the_outlook_is_said_in_a_sentence(
    done: list[date], today: date, waiting: int, zh: str, en: str
) -> None:
    found = outlook(YEAR, counted=done, today=today)

    assert in_words(found, waiting=waiting) == (zh, en)


def test_of_what_has_ended_nothing_is_missing_however_often_it_was_done() -> None:
    ended = Owed(least=4, first=YEAR.first, last=YEAR.last, ended=True)

    found = outlook(ended, counted=[date(2023, 1, 5)], today=date(2024, 1, 1))

    assert (found.counted, found.missing, found.on_pace, found.possible) == (1, 0, True, True)
    assert in_words(found, waiting=0) == (
        "该任务已办结，无须再完成。",
        "It has ended: nothing more is asked.",
    )


def test_one_is_behind_only_once_a_whole_occurrence_is_missing() -> None:
    first = next(d for d in days(YEAR) if not outlook(YEAR, counted=[], today=d).on_pace)

    assert first == date(2023, 4, 2)  # the 92nd of 365 days: a quarter of four
    assert outlook(YEAR, counted=[date(2023, 1, 5)], today=first).on_pace
