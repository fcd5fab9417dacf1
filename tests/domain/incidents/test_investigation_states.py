"""The life of an investigation: every pair of state and action, and what a report must hold."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.access import SYSTEM, Principal
from reference.terms import Level
from services.incidents.closings import domain as closings
from services.incidents.closings.domain import Question
from services.incidents.dossiers import domain as dossiers
from services.incidents.dossiers.domain import Part
from services.incidents.investigations import domain
from services.incidents.investigations.domain import (
    TRANSITIONS,
    UNDECIDED,
    InvestigationActionRefused,
    NotTheHolder,
    NotThePublisher,
)
from services.incidents.investigations.domain import InvestigationAction as Action
from services.incidents.investigations.domain import InvestigationStatus as Status

STAYS = {
    *(Action.DELEGATE, Action.APPRAISE, Action.EXTEND, Action.WRITE, Action.SIGN),
    *(Action.CHECK, Action.LIST),
}


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_what_is_not_in_the_table_is_refused(status: Status, action: Action) -> None:
    expected = TRANSITIONS.get((status, action))
    if expected is not None:
        assert domain.after(status, action) is expected
        return
    with pytest.raises(InvestigationActionRefused) as refused:
        domain.after(status, action)
    assert refused.value.members == {"investigation_status": str(status)}


@pytest.mark.parametrize(("status", "action"), list(TRANSITIONS))
def test_acts_beside_the_course_leave_an_investigation_where_it_is(
    status: Status, action: Action
) -> None:
    if action in STAYS:
        assert TRANSITIONS[status, action] is status


@given(st.lists(st.sampled_from(Action), max_size=40))
def test_whatever_is_tried_nothing_is_approved_unsubmitted_and_closed_is_closed(
    actions: list[Action],
) -> None:
    status, course = Status.OPEN, [Status.OPEN]
    for action in actions:
        try:
            status = domain.after(status, action)
        except InvestigationActionRefused:
            continue
        course.append(status)
    for before, now in pairwise(course):
        assert now is not Status.APPROVED or before in {Status.SUBMITTED, Status.APPROVED}
        assert before is not Status.CLOSED
    if Status.CLOSED in course:
        assert Status.PUBLISHED in course


TEXTS = st.dictionaries(st.sampled_from(Part), st.text(max_size=3), min_size=6, max_size=6)


@given(TEXTS, TEXTS, st.sampled_from(["a:1", "a:2"]), st.sampled_from(["a:1", "a:2"]))
def test_a_signature_is_bound_to_the_case_and_to_every_part_as_it_reads(
    one: dict[Part, str], other: dict[Part, str], case: str, another: str
) -> None:
    first, second = dossiers.content_sha256(case, one), dossiers.content_sha256(another, other)
    assert (first == second) is ((case, one) == (another, other))


def test_words_moved_from_one_part_to_the_next_are_another_report() -> None:
    one = dict.fromkeys(Part, "")
    moved = [dossiers.content_sha256("a:1", one | {part: "甲"}) for part in Part]
    assert len(set(moved)) == len(Part)


@pytest.mark.parametrize("part", Part)
def test_what_lacks_a_part_has_nothing_to_sign(part: Part) -> None:
    texts = {one: "甲" for one in Part if one is not part}
    with pytest.raises(dossiers.PartsMissing) as refused:
        dossiers.content_sha256("a:1", texts)
    assert refused.value.members == {"missing": [part]}


WAYS_IN = {
    Status.INVESTIGATING: {Status.OPEN, Status.SUBMITTED, Status.RETURNED},
    Status.SUBMITTED: {Status.INVESTIGATING, Status.RETURNED},
    Status.RETURNED: {Status.SUBMITTED},
    Status.APPROVED: {Status.SUBMITTED},
    Status.PUBLISHED: {Status.OPEN, Status.APPROVED},
    Status.CLOSED: {Status.PUBLISHED},
}


@pytest.mark.parametrize("status", Status)
def test_a_state_is_entered_only_from_those_before_it(status: Status) -> None:
    entered = {before for (before, _), now in TRANSITIONS.items() if now is status is not before}

    assert entered == WAYS_IN.get(status, set())


def test_a_closed_one_takes_no_action_at_all() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] is Status.CLOSED]


def test_a_case_moves_to_another_level_only_before_it_is_decided() -> None:
    assert {status for status, action in TRANSITIONS if action is Action.MOVE} == UNDECIDED


def leader(unit: str | None) -> Principal:
    return Principal(subject="l", roles=frozenset({"leader"}), region="43", unit=unit)


@pytest.mark.parametrize(
    "unit", [None, "430481.government", "430000.government", "430400.emergency"]
)
def test_only_the_very_government_that_holds_a_case_decides(unit: str | None) -> None:
    domain.refuse_others(leader("430400.government"), holder="430400.government", level=Level.CITY)
    domain.refuse_others(SYSTEM, holder="430400.government", level=Level.CITY)
    with pytest.raises(NotTheHolder) as refused:
        domain.refuse_others(leader(unit), holder="430400.government", level=Level.CITY)
    assert refused.value.members == {"holder": "430400.government", "level": "city"}


@pytest.mark.parametrize(
    ("unit", "high"),
    [
        ("430481.emergency", False),
        ("430400.emergency", True),
        ("430000.emergency", True),
        (None, False),
    ],
)
def test_a_unit_stands_at_the_level_of_its_place(unit: str | None, high: bool) -> None:
    assert domain.is_as_high(leader(unit), Level.CITY) is high


@pytest.mark.parametrize(
    ("unit", "holder", "level", "informed", "may"),
    [
        ("430400.emergency", "430400.government", Level.CITY, False, True),
        ("430000.emergency", "430400.government", Level.CITY, False, True),
        ("430481.emergency", "430400.government", Level.CITY, False, False),
        ("430481.emergency", "430400.government", Level.CITY, True, False),
        ("430400.emergency", "430000.government", Level.PROVINCE, False, False),
        ("430400.emergency", "430000.government", Level.PROVINCE, True, True),
        (None, "430000.government", Level.PROVINCE, False, False),
    ],
)
def test_those_below_publish_only_what_they_have_from_above_the_city(
    unit: str | None, holder: str, level: Level, informed: bool, may: bool
) -> None:
    domain.refuse_lower(SYSTEM, holder=holder, level=level, informed=informed)
    if may:
        domain.refuse_lower(leader(unit), holder=holder, level=level, informed=informed)
        return
    with pytest.raises(NotThePublisher) as refused:
        domain.refuse_lower(leader(unit), holder=holder, level=level, informed=informed)
    assert refused.value.members == {"holder": holder, "level": str(level)}


@pytest.mark.parametrize("part", Part)
def test_a_report_without_any_one_part_is_not_whole(part: Part) -> None:
    assert dossiers.missing(set(Part) - {part}) == [part]
    assert dossiers.missing(Part) == []
    assert dossiers.missing([]) == list(Part)


@pytest.mark.parametrize("question", Question)
def test_each_of_the_four_questions_keeps_a_case_open(question: Question) -> None:
    settled = {str(one): True for one in Question}

    assert closings.unsettled(settled) == []
    assert closings.unsettled(settled | {str(question): False}) == [question]
    del settled[str(question)]
    assert closings.unsettled(settled) == [question]
