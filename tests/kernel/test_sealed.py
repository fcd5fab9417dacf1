"""A sealed person is opened by two people for one of them, and masked for everybody else."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import sealed
from kernel.access import Principal
from kernel.problems import Problem
from kernel.sealed import TRANSITIONS, RevealAction, RevealRequest, RevealStatus

NOW = datetime(2023, 6, 5, 2, tzinfo=UTC)
ASKER, LEADER, ANOTHER = (Principal(subject=name) for name in ("asker", "leader", "another"))


class NotNow(Problem):
    """The request does not take this action now."""

    status = 409


class NotTheirs(Problem):
    """Somebody decides on their own request, or uses another's."""

    status = 403


class Asked(RevealRequest):
    """A request without a table."""

    refused, not_theirs = NotNow, NotTheirs

    def __init__(self, status: RevealStatus = RevealStatus.ASKED) -> None:
        vars(self).update(sealed.asked("核实。", by=ASKER, now=NOW))
        vars(self)["status"] = str(status)


def do(request: RevealRequest, action: RevealAction) -> None:
    if action is RevealAction.LOOK:
        request.require_look(by=ASKER)
    else:
        request.decide(action, by=LEADER, now=NOW)


@pytest.mark.parametrize(("status", "action"), list(product(RevealStatus, RevealAction)))
def test_every_pair_is_declared_or_refused(status: RevealStatus, action: RevealAction) -> None:
    request = Asked(status)
    then = TRANSITIONS.get((status, action))
    if then is not None:
        do(request, action)
        assert request.status == then
        return
    with pytest.raises(NotNow) as refused:
        do(request, action)
    assert refused.value.members == {"reveal_status": str(status)}
    assert (request.status, request.decided_by) == (status, None)


@pytest.mark.parametrize("action", [RevealAction.APPROVE, RevealAction.REFUSE])
def test_nobody_decides_on_their_own_request(action: RevealAction) -> None:
    request = Asked()

    with pytest.raises(NotTheirs):
        request.decide(action, by=ASKER, now=NOW)
    request.decide(action, by=LEADER, now=NOW)

    assert (request.decided_by, request.decided_at) == ("leader", NOW)


@pytest.mark.parametrize("by", [LEADER, ANOTHER])
def test_nobody_looks_but_the_one_who_asked(by: Principal) -> None:
    with pytest.raises(NotTheirs):
        Asked(RevealStatus.APPROVED).require_look(by=by)


@given(st.lists(st.sampled_from(RevealAction)))
def test_nobody_looks_before_somebody_agreed(actions: list[RevealAction]) -> None:
    request, agreed = Asked(), False
    for action in actions:
        if (RevealStatus(request.status), action) in TRANSITIONS:
            agreed = agreed or action is RevealAction.APPROVE
            assert action is not RevealAction.LOOK or agreed
            do(request, action)


@pytest.mark.parametrize(
    ("text", "name", "contact"),
    [
        (None, None, None),
        ("欧", "***", "***"),
        ("欧阳", "欧***", "***"),
        ("1234", "1***", "***"),
        ("12345", "1***", "***2345"),
    ],
)
def test_a_mask_never_shows_the_whole(
    text: str | None, name: str | None, contact: str | None
) -> None:
    assert (sealed.masked(text, head=1), sealed.masked(text, tail=4)) == (name, contact)
