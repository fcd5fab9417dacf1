"""The lives of evidence and appeals, and what a review does to an obligation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.appeals import domain as appeals
from services.tasks.appeals.domain import AppealAction, AppealDecided, AppealStatus
from services.tasks.evidence import domain as evidence
from services.tasks.evidence.domain import EvidenceAction, EvidenceState, PieceRefused
from services.tasks.obligations.domain import LIVE, Action, Status, after, handed_in, reviewed


@pytest.mark.parametrize("state", EvidenceState)
@pytest.mark.parametrize("action", EvidenceAction)
def test_only_declared_transitions_of_evidence_are_allowed(
    state: EvidenceState, action: EvidenceAction
) -> None:
    if (state, action) in evidence.TRANSITIONS:
        assert evidence.after(state, action) is evidence.TRANSITIONS[state, action]
    else:
        with pytest.raises(PieceRefused):
            evidence.after(state, action)


@pytest.mark.parametrize("status", AppealStatus)
@pytest.mark.parametrize("action", AppealAction)
def test_only_declared_transitions_of_appeals_are_allowed(
    status: AppealStatus, action: AppealAction
) -> None:
    if (status, action) in appeals.TRANSITIONS:
        assert appeals.after(status, action) is appeals.TRANSITIONS[status, action]
    else:
        with pytest.raises(AppealDecided):
            appeals.after(status, action)


def expected(least: int, credited: int, waiting: int, last_returned: bool) -> Status:
    """What the plan of the platform says, said the other way round."""
    if credited >= least:
        return Status.ACCEPTED
    if credited + waiting >= least:
        return Status.SUBMITTED
    return Status.RETURNED if last_returned and waiting == 0 else Status.OPEN


@given(least=st.integers(1, 4), steps=st.lists(st.sampled_from("hacru"), max_size=25))
def test_a_quota_stands_where_its_pieces_put_it(least: int, steps: list[str]) -> None:
    """h hands in, a accepts what counts, u what does not, r returns, c takes a credit back."""
    status, credited, waiting = Status.OPEN, 0, 0
    for step in steps:
        if step == "h" and status in LIVE:
            waiting += 1
            action = handed_in(least=least, credited=credited, waiting=waiting)
            status = after(status, action)
            assert status == expected(least, credited, waiting, last_returned=False)
        elif step in "aur" and waiting and status in LIVE:
            waiting -= 1
            credited += step == "a"
            action = reviewed(least=least, credited=credited, waiting=waiting, returned=step == "r")
            status = after(status, action)
            assert status == expected(least, credited, waiting, last_returned=step == "r")
        elif step == "c" and credited and status is Status.ACCEPTED:
            credited -= 1
            if credited < least:
                status = after(status, Action.REOPEN)
                action = reviewed(least=least, credited=credited, waiting=waiting, returned=False)
                status = after(status, action)
                assert status == expected(least, credited, waiting, last_returned=False)


def test_what_is_owed_as_a_whole_is_submitted_as_a_whole() -> None:
    assert handed_in(least=None, credited=0, waiting=1) is Action.SUBMIT
    assert handed_in(least=1, credited=0, waiting=1) is Action.AWAIT
    assert handed_in(least=2, credited=0, waiting=1) is Action.GATHER
