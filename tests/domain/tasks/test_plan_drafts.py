"""The states of drafts, proposed duties and doubts; what counts as the words of a place."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.drafts import domain
from services.tasks.drafts.domain import (
    DRAFT_TRANSITIONS,
    DUTY_TRANSITIONS,
    FLAG_TRANSITIONS,
    SETTLED_BY,
    DraftAction,
    DraftStatus,
    DutyAction,
    DutyStatus,
    FlagAction,
    FlagStatus,
    PlanDraftActionRefused,
    Replaced,
)
from services.tasks.drafts.domain_parts import FlagKind, Span


@pytest.mark.parametrize(("status", "action"), list(product(DraftStatus, DraftAction)))
def test_a_draft_takes_only_what_the_table_says(status: DraftStatus, action: DraftAction) -> None:
    expected = DRAFT_TRANSITIONS.get((status, action))
    if expected is None:
        with pytest.raises(PlanDraftActionRefused):
            domain.draft_after(status, action)
    else:
        assert domain.draft_after(status, action) is expected


@pytest.mark.parametrize(("status", "action"), list(product(DutyStatus, DutyAction)))
def test_a_duty_takes_only_what_the_table_says(status: DutyStatus, action: DutyAction) -> None:
    expected = DUTY_TRANSITIONS.get((status, action))
    if expected is None:
        with pytest.raises(PlanDraftActionRefused):
            domain.duty_after(status, action)
    else:
        assert domain.duty_after(status, action) is expected


@pytest.mark.parametrize(("status", "action"), list(product(FlagStatus, FlagAction)))
def test_a_doubt_takes_only_what_the_table_says(status: FlagStatus, action: FlagAction) -> None:
    expected = FLAG_TRANSITIONS.get((status, action))
    if expected is None:
        with pytest.raises(PlanDraftActionRefused):
            domain.flag_after(status, action)
    else:
        assert domain.flag_after(status, action) is expected


def test_an_issued_or_discarded_draft_takes_nothing() -> None:
    for status in (DraftStatus.ISSUED, DraftStatus.DISCARDED):
        assert not any(key[0] is status for key in DRAFT_TRANSITIONS)


@pytest.mark.parametrize("kind", FlagKind)
def test_every_doubt_can_be_settled(kind: FlagKind) -> None:
    assert SETTLED_BY[kind]


TEXT = "一二三四五六七八九十"


@pytest.mark.parametrize(
    ("place", "with_words", "expected"),
    [
        (Span(2, 4), "", "一二五六"),
        (Span(2, 4), "参", "一二参五六"),
        (Span(0, 1), "", "二三四五六"),
        (Span(5, 9), "", "一二三四五"),
        (Span(6, 9), "九", "一二三四五六"),
        (Span(3, 3), "x", "一二三四五六"),
    ],
)
def test_a_place_counts_with_the_words_that_replace_it(
    place: Span, with_words: str, expected: str
) -> None:
    assert domain.words(TEXT, Span(0, 6), [Replaced(place, with_words)]) == expected


@given(
    st.text(alphabet="甲乙丙丁", min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), max_size=6),
)
def test_without_words_to_replace_them_places_only_ever_shorten(
    text: str, places: list[tuple[int, int]]
) -> None:
    cut = [Replaced(Span(start, min(start + size, len(text))), "") for start, size in places]
    cut = [row for row in cut if row.span.start <= row.span.end]
    gone = {at for row in cut for at in range(row.span.start, row.span.end)}
    left = "".join(char for at, char in enumerate(text) if at not in gone)

    assert domain.words(text, Span(0, len(text)), cut) == left


def test_numbers_follow_the_text_and_leave_no_gap() -> None:
    codes = domain.renumbered([(0, 2, 90), (1, 1, 5), (2, 2, 40), (3, 1, 5)])
    assert codes == {1: "1.1", 3: "1.2", 2: "2.1", 0: "2.2"}
