"""How people fare, and how they are masked and counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.incidents.casualties import domain
from services.incidents.casualties.domain import (
    TRANSITIONS,
    Action,
    CasualtyActionRefused,
    State,
)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_only_what_the_table_says_can_become_of_somebody(state: State, action: Action) -> None:
    if (state, action) in TRANSITIONS:
        assert domain.after(state, action) is TRANSITIONS[state, action]
    else:
        with pytest.raises(CasualtyActionRefused):
            domain.after(state, action)


@given(st.sampled_from(sorted(domain.OPENING)), st.lists(st.sampled_from(list(Action))))
def test_nobody_comes_back_from_being_struck_and_the_dead_only_by_correction(
    state: State, actions: list[Action]
) -> None:
    for action in actions:
        if (state, action) not in TRANSITIONS:
            continue
        then = domain.after(state, action)
        assert state is not State.STRUCK
        if state is State.DEAD:
            assert action in {Action.CORRECT_DEATH, Action.STRIKE}
        state = then


def test_every_state_is_reached_and_only_one_is_final() -> None:
    assert set(TRANSITIONS.values()) | domain.OPENING == set(State)
    assert set(State) - {state for state, _ in TRANSITIONS} == {State.STRUCK}


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王小明", "王**"), ("王五", "王*"), ("王", "*"), ("欧阳修文", "欧***"), ("Li Wei", "L*****")],
)
def test_a_name_keeps_its_first_letter(name: str, masked: str) -> None:
    assert domain.masked_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("43048119900101123X", "4304************3X"),
        ("E12345678901", "E123******01"),
        ("E1234567890", "***********"),
        ("12345", "*****"),
    ],
)
def test_an_id_number_loses_its_middle(number: str, masked: str) -> None:
    assert domain.masked_id_number(number) == masked


@given(st.text(min_size=1, max_size=24))
def test_a_masked_text_stays_masked(text: str) -> None:
    for mask in (domain.masked_name, domain.masked_id_number):
        assert mask(mask(text)) == mask(text)


def test_people_are_compared_with_the_figures_reported() -> None:
    states = [State.DEAD, State.DEAD, State.MISSING, State.SAFE, State.STRUCK]
    reported = {
        "deaths": 1,
        "missing": 2,
        "serious_injuries": 0,
        "minor_injuries": 0,
        "trapped": 0,
    }

    differing = {one.state: one.difference for one in domain.compare(states, reported)}
    assert differing == {
        State.DEAD: 1,
        State.MISSING: -1,
        State.SERIOUSLY_INJURED: 0,
        State.SLIGHTLY_INJURED: 0,
        State.TRAPPED: 0,
    }
