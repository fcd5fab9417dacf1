"""The life of a hop: the whole product of states and actions, and its id."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import uuid7
from reference.terms import Level
from services.incidents.relays import domain
from services.incidents.relays.domain import (
    TRANSITIONS,
    HopAction,
    HopStatus,
    RelayActionRefused,
    after,
)


@pytest.mark.parametrize("status", HopStatus)
@pytest.mark.parametrize("action", HopAction)
def test_only_declared_steps_are_allowed(status: HopStatus, action: HopAction) -> None:
    if (status, action) in TRANSITIONS:
        assert after(status, action) is TRANSITIONS[status, action]
    else:
        with pytest.raises(RelayActionRefused) as refused:
            after(status, action)
        assert refused.value.members == {"hop_status": str(status)}


def test_nothing_happens_to_a_hop_that_is_made() -> None:
    assert not any(status is HopStatus.FORWARDED for status, _ in TRANSITIONS)


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_an_accident_has_one_id_per_level_and_keeps_its_instant(number: int) -> None:
    accident = UUID(int=number)
    ids = {level: domain.hop_id(accident, level) for level in Level}

    assert len(set(ids.values())) == len(Level)
    assert ids == {level: domain.hop_id(accident, level) for level in Level}
    assert all(found.version == 7 for found in ids.values())
    assert all(found.bytes[:6] == accident.bytes[:6] for found in ids.values())


def test_two_accidents_share_no_hop() -> None:
    first, second = uuid7(), uuid7()

    assert domain.hop_id(first, Level.CITY) != domain.hop_id(second, Level.CITY)
