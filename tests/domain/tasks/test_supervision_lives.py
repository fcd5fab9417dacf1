"""The life of supervisory orders: every state, action and kind; and the words of letters."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI
from kernel.problems import Problem
from reference import supervisions as pack
from reference.terms import InPlace, SupervisionKind
from services.tasks.supervisionanswers import domain as answers
from services.tasks.supervisionanswers.domain import (
    AskedMore,
    Decision,
    FiveNotShown,
    RequestDecided,
    Shown,
)
from services.tasks.supervisionletters import domain as letters
from services.tasks.supervisionletters.domain import Facts
from services.tasks.supervisions import domain
from services.tasks.supervisions.domain import (
    LIVE,
    OWED,
    TRANSITIONS,
    SupervisionAction,
    SupervisionStatus,
)

_S, _A = SupervisionStatus, SupervisionAction
DAY = date(2023, 6, 5)


@pytest.mark.parametrize("status", SupervisionStatus)
@pytest.mark.parametrize("action", SupervisionAction)
def test_only_declared_transitions_are_allowed_and_refusals_tell_the_state(
    status: SupervisionStatus, action: SupervisionAction
) -> None:
    if (status, action) in TRANSITIONS:
        assert domain.after(status, action) is TRANSITIONS[status, action]
        return
    with pytest.raises(Problem) as refused:
        domain.after(status, action)
    assert refused.value.members == {"supervision_status": str(status)}


def test_what_has_ended_takes_nothing_and_who_owes_can_answer_or_receive() -> None:
    assert set(SupervisionStatus) - LIVE == {_S.CLOSED, _S.LIFTED, _S.WITHDRAWN}
    assert {status for status, action in TRANSITIONS if action is _A.EXTEND} == OWED
    for status in OWED:
        assert {(status, _A.ANSWER), (status, _A.RECEIVE)} & TRANSITIONS.keys()


def steps(kind: SupervisionKind) -> Iterator[tuple[SupervisionStatus, SupervisionAction]]:
    rule = pack.rule(kind, on=DAY)
    return (key for key in TRANSITIONS if domain.fits(rule, key[1], key[0]))


@pytest.mark.parametrize("kind", SupervisionKind)
def test_every_kind_can_end_and_ends_as_its_row_says(kind: SupervisionKind) -> None:
    rule = pack.rule(kind, on=DAY)
    reached = {_S.DRAFTED}
    for _ in SupervisionStatus:
        reached |= {TRANSITIONS[key] for key in steps(kind) if key[0] in reached}

    assert (_S.ANSWERED in reached) is rule.answer
    assert (_S.ACCEPTED in reached) is rule.acceptance
    assert (_S.LIFTED in reached, _S.CLOSED in reached) == (rule.lifting, not rule.lifting)


@pytest.mark.parametrize("kind", SupervisionKind)
@given(st.lists(st.sampled_from(SupervisionAction), max_size=30))
def test_no_walk_skips_the_receipt_the_answer_or_the_acceptance(
    kind: SupervisionKind, walk: list[SupervisionAction]
) -> None:
    rule, status, done = pack.rule(kind, on=DAY), _S.DRAFTED, []
    for action in walk:
        if (status, action) in TRANSITIONS and domain.fits(rule, action, status):
            status = TRANSITIONS[status, action]
            done.append(action)
    if status in {_S.CLOSED, _S.LIFTED}:
        needed = [_A.ISSUE, _A.RECEIVE, *([_A.ANSWER] if rule.answer else [])]
        needed += [_A.ACCEPT] if rule.acceptance else []
        last = [max(i for i, one in enumerate(done) if one is want) for want in needed]
        assert last == sorted(last)


@pytest.mark.parametrize("status", AskedMore)
@pytest.mark.parametrize("decision", Decision)
def test_a_request_for_time_is_decided_once(status: AskedMore, decision: Decision) -> None:
    if status is AskedMore.ASKED:
        assert answers.decided(status, decision) is not AskedMore.ASKED
        return
    with pytest.raises(RequestDecided):
        answers.decided(status, decision)


SHOWN = {one: Shown(in_place=True, evidence="有") for one in InPlace}


@given(st.sets(st.sampled_from(InPlace)), st.booleans())
def test_the_five_are_shown_whole_or_not_at_all(shown: set[InPlace], asked: bool) -> None:
    five = {one: SHOWN[one] for one in shown}
    if asked and shown == set(InPlace):
        answers.refuse_unshown(five, asked=asked)
    else:
        with pytest.raises(FiveNotShown):
            answers.refuse_unshown(five, asked=asked)
    answers.refuse_unshown(None, asked=False)
    assert set(answers.lacking({str(one): one in shown for one in InPlace})) == {
        str(one) for one in InPlace if one not in shown
    }


def facts(**changed: Any) -> Facts:
    said: dict[str, Any] = {
        "rule": pack.rule(SupervisionKind.SUPERVISION, on=DAY),
        "kind": SupervisionKind.SUPERVISION,
        "number": "督办〔2023〕1号",
        "issuer": "市安委办",
        "addressees": ("甲局",),
        "enterprise": False,
        "cc": (),
        "title": "关于隐患整改",
        "matters": ("拆除夹层",),
        "basis": None,
        "reason": None,
        "follows": None,
        "automatic": False,
        "five": False,
        "issued_at": datetime(2023, 6, 5, 10, tzinfo=SHANGHAI),
        "due_at": datetime(2023, 6, 20, tzinfo=SHANGHAI),
        "meeting_at": None,
        "meeting_place": None,
        "interviewees": (),
        "receipts": (),
    }
    return Facts(**said | changed)


@pytest.mark.parametrize(
    "title", ["关于隐患整改", "关于隐患整改的督办", "关于隐患整改的督办通知书", "关于隐患整改的"]
)
def test_a_title_names_its_kind_once(title: str) -> None:
    assert letters.letter(facts(title=title)).title == "关于隐患整改的督办通知书"


def test_a_letter_says_by_which_day_and_what_went_before() -> None:
    made = letters.letter(facts(basis="《安全生产法》。", reason="逾期", follows="交办〔2023〕9号"))

    assert made.opening.startswith("依据《安全生产法》，因逾期，前发交办〔2023〕9号，决定")
    assert "请于2023年6月19日前" in made.paragraphs[0]
    assert made.matters == ("一、拆除夹层。",)


def test_a_letter_that_the_platform_issued_says_so() -> None:
    urging = pack.rule(SupervisionKind.URGING, on=DAY)
    made = letters.letter(
        facts(rule=urging, kind=SupervisionKind.URGING, automatic=True, due_at=None)
    )

    assert "自动生成" in made.paragraphs[-1]


@pytest.mark.parametrize(
    ("n", "said"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")]
)
def test_points_are_numbered_in_chinese(n: int, said: str) -> None:
    assert letters.ordinal(n) == said


def test_times_are_written_as_documents_do() -> None:
    assert letters.at(datetime(2023, 6, 8, 9, 30, tzinfo=SHANGHAI)) == "2023年6月8日9时30分"
    assert letters.at(datetime(2023, 6, 8, 9, tzinfo=SHANGHAI)) == "2023年6月8日9时"
