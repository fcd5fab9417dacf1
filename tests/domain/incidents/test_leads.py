"""The lives of leads and of qualifications, pair by pair."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.problems import InvalidPayload, Problem
from reference.terms import FindingStatus
from services.incidents.leads import domain as leads
from services.incidents.leads.domain import LeadAction, LeadStatus
from services.incidents.qualifications import domain as qualifications
from services.incidents.qualifications.domain import QualificationAction, QualificationStatus

Machine = Mapping[tuple[Any, Any], Any]
After = Callable[[Any, Any], StrEnum]

MACHINES: list[tuple[type[StrEnum], type[StrEnum], Machine, After]] = [
    (LeadStatus, LeadAction, leads.TRANSITIONS, leads.after),
    (
        QualificationStatus,
        QualificationAction,
        qualifications.TRANSITIONS,
        qualifications.after,
    ),
]
PAIRS = [
    (status, action, table.get((status, action)), after)
    for statuses, actions, table, after in MACHINES
    for status, action in product(statuses, actions)
]


@pytest.mark.parametrize(("status", "action", "then", "after"), PAIRS)
def test_every_pair_is_declared_or_refused(
    status: StrEnum, action: StrEnum, then: StrEnum | None, after: After
) -> None:
    if then is not None:
        assert after(status, action) is then
        return
    with pytest.raises(Problem) as refused:
        after(status, action)
    assert refused.value.status == 409
    assert str(status) in refused.value.members.values()


@pytest.mark.parametrize(
    ("machine", "ends"),
    [
        (leads.TRANSITIONS, {LeadStatus.CONFIRMED, LeadStatus.DISMISSED}),
        (qualifications.TRANSITIONS, {QualificationStatus.STRUCK_OFF}),
    ],
)
def test_what_is_settled_stays_settled(machine: Machine, ends: set[StrEnum]) -> None:
    assert {then for then in machine.values() if not any(s == then for s, _ in machine)} == ends


@given(st.lists(st.sampled_from(LeadAction)))
def test_a_lead_is_never_confirmed_without_having_been_checked(actions: list[LeadAction]) -> None:
    status, checked = LeadStatus.RECEIVED, False
    for action in actions:
        if (status, action) in leads.TRANSITIONS:
            checked = checked or action is LeadAction.CHECK
            status = leads.after(status, action)

    assert checked or status not in {LeadStatus.CONFIRMED, LeadStatus.DISMISSED}


@given(st.lists(st.sampled_from(QualificationAction)))
def test_nothing_is_struck_off_that_nobody_asked_for(actions: list[QualificationAction]) -> None:
    status, before = QualificationStatus.PENDING, QualificationStatus.PENDING
    for action in actions:
        if (status, action) in qualifications.TRANSITIONS:
            before, status = status, qualifications.after(status, action)

    if status is QualificationStatus.STRUCK_OFF:
        assert before is QualificationStatus.STRIKE_OFF_ASKED


@pytest.mark.parametrize("status", FindingStatus)
def test_no_suspicion_confirms_a_lead(status: FindingStatus) -> None:
    if status.at_least(FindingStatus.PRELIMINARY):
        leads.refuse_suspicion(status)
        return
    with pytest.raises(InvalidPayload):
        leads.refuse_suspicion(status)
