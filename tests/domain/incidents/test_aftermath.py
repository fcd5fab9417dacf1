"""The state tables of what follows an accident, walked whole: every undeclared pair is refused."""

from collections.abc import Callable
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.incidents_cases import EvaluationResult
from kernel.problems import Problem
from services.incidents.dossiers import domain as dossiers
from services.incidents.evaluations import domain as evaluations
from services.incidents.evidence import domain as evidence
from services.incidents.lookbacks import domain as lookbacks
from services.incidents.recommendations import domain as recommendations
from services.incidents.steps import domain as steps
from services.incidents.teams import domain as teams
from services.incidents.transfers import domain as transfers

Machine = tuple[Any, Callable[..., StrEnum], type[StrEnum], type[StrEnum]]

MACHINES: dict[str, Machine] = {
    "member": (teams.TRANSITIONS, teams.after, teams.MemberStatus, teams.MemberAction),
    "recusal": (
        teams.RECUSAL_TRANSITIONS,
        teams.decided,
        teams.RecusalStatus,
        teams.RecusalAction,
    ),
    "signature": (
        dossiers.SIGNATURE_TRANSITIONS,
        dossiers.signed,
        dossiers.SignatureStatus,
        dossiers.SignatureAction,
    ),
    "step": (steps.TRANSITIONS, steps.after, steps.StepStatus, steps.StepAction),
    "recommendation": (
        recommendations.TRANSITIONS,
        recommendations.after,
        recommendations.RecommendationStatus,
        recommendations.RecommendationAction,
    ),
    "transfer": (
        transfers.TRANSITIONS,
        transfers.after,
        transfers.TransferStatus,
        transfers.TransferAction,
    ),
    "evaluation": (
        evaluations.TRANSITIONS,
        evaluations.after,
        evaluations.EvaluationStatus,
        evaluations.EvaluationAction,
    ),
    "lookback": (
        lookbacks.TRANSITIONS,
        lookbacks.after,
        lookbacks.LookbackStatus,
        lookbacks.LookbackAction,
    ),
}
PAIRS = [
    (name, status, action)
    for name, (_, _, states, actions) in MACHINES.items()
    for status, action in product(states, actions)
]


@pytest.mark.parametrize(("name", "status", "action"), PAIRS)
def test_a_machine_does_what_its_table_declares_and_nothing_else(
    name: str, status: StrEnum, action: StrEnum
) -> None:
    table, after, *_ = MACHINES[name]
    if (status, action) in table:
        assert after(status, action) is table[status, action]
        return
    with pytest.raises(Problem) as refused:
        after(status, action)
    assert refused.value.status == 409


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_from_those_that_things_begin_in(name: str) -> None:
    table, _, states, _ = MACHINES[name]
    begun = {"member": {"invited", "active"}}.get(name, {str(next(iter(states)))})
    reached = set(begun)
    for _ in states:
        reached |= {str(end) for (start, _), end in table.items() if str(start) in reached}
    assert reached == {str(state) for state in states}


def test_what_is_over_stays_over() -> None:
    over = {
        "member": {"released", "recused"},
        "recusal": {"upheld", "dismissed"},
        "signature": set[str](),  # who doubts may sign, and who signed may doubt
        "step": {"done", "dropped"},
        "recommendation": set[str](),  # what was closed opens again when it did not last
        "transfer": {"refused", "settled", "handed_over"},
        "evaluation": {"published", "superseded"},
        "lookback": {"done", "superseded"},
    }
    for name, (table, _, states, _) in MACHINES.items():
        left = {str(start) for start, _ in table}
        assert {str(state) for state in states} - left == over[name]


@given(st.lists(st.sampled_from(list(recommendations.RecommendationAction)), max_size=30))
def test_nothing_is_closed_that_was_not_proved_and_accepted_since_it_was_opened(
    actions: list[recommendations.RecommendationAction],
) -> None:
    status, seen = recommendations.RecommendationStatus.OPEN, list[str]()
    for action in actions:
        try:
            status = recommendations.after(status, action)
        except recommendations.RecommendationActionRefused:
            continue
        seen = [] if action == "reopen" else [*seen, str(action)]
        if status is recommendations.RecommendationStatus.CLOSED:
            assert seen[-3:] == ["hand_in", "accept", "close"]


@given(st.integers(0, 3), st.integers(0, 3))
def test_all_is_carried_out_just_when_nothing_is_left(unmet: int, unfinished: int) -> None:
    clean = unmet == unfinished == 0
    agreeing = [
        result
        for result in EvaluationResult
        if evaluations.agrees(result, unmet=unmet, unfinished=unfinished)
    ]
    assert (agreeing == [EvaluationResult.IMPLEMENTED]) is clean
    assert (len(agreeing) == 2) is not clean


Rows = st.lists(st.text(max_size=5), min_size=1, max_size=6)


def chained(words: list[str]) -> list[tuple[str, str]]:
    links, before = list[tuple[str, str]](), evidence.FIRST
    for said in words:
        before = evidence.link(before, said)
        links.append((before, before))
    return links


@given(Rows)
def test_a_chain_as_it_was_written_is_unbroken(words: list[str]) -> None:
    assert evidence.unbroken(range(1, len(words) + 1), chained(words))


@given(Rows, st.data())
def test_a_row_that_is_altered_or_missing_breaks_the_chain(
    words: list[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    links, numbers = chained(words), list(range(1, len(words) + 1))
    altered = [*links]
    altered[place] = (links[place][0], evidence.link(evidence.FIRST, "other", place))

    assert not evidence.unbroken(numbers, altered)
    if place < len(words) - 1:
        gone = numbers[:place] + numbers[place + 1 :]
        assert not evidence.unbroken(gone, links[:place] + links[place + 1 :])
    assert not evidence.unbroken([], [])


def test_the_parts_of_a_link_do_not_run_together() -> None:
    assert evidence.link(evidence.FIRST, "ab", "c") != evidence.link(evidence.FIRST, "a", "bc")
