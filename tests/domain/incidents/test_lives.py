"""The lives of drafts, likenesses and reports of the public: the whole product of each."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.incidents import masking
from services.incidents.bystanders import domain as bystanders
from services.incidents.drafts import domain as drafts
from services.incidents.duplicates import domain as duplicates


@pytest.mark.parametrize(("status", "action"), list(product(drafts.Status, drafts.Action)))
def test_a_draft_takes_only_declared_actions(status: drafts.Status, action: drafts.Action) -> None:
    if (status, action) in drafts.TRANSITIONS:
        assert drafts.after(status, action) is drafts.TRANSITIONS[status, action]
    else:
        with pytest.raises(drafts.DraftActionRefused):
            drafts.after(status, action)


@pytest.mark.parametrize(("status", "action"), list(product(duplicates.Status, duplicates.Action)))
def test_a_likeness_takes_only_declared_actions(
    status: duplicates.Status, action: duplicates.Action
) -> None:
    if (status, action) in duplicates.TRANSITIONS:
        assert duplicates.after(status, action) is duplicates.TRANSITIONS[status, action]
    else:
        with pytest.raises(duplicates.LikenessDecided):
            duplicates.after(status, action)


@pytest.mark.parametrize(("status", "action"), list(product(bystanders.Status, bystanders.Action)))
def test_a_public_report_takes_only_declared_actions(
    status: bystanders.Status, action: bystanders.Action
) -> None:
    if (status, action) in bystanders.TRANSITIONS:
        assert bystanders.after(status, action) is bystanders.TRANSITIONS[status, action]
    else:
        with pytest.raises(bystanders.PublicReportDecided):
            bystanders.after(status, action)


def test_what_waits_can_be_decided_and_what_is_decided_stays() -> None:
    assert {status for status, _ in bystanders.TRANSITIONS} == bystanders.WAITING
    ended = {duplicates.Status.MERGED, duplicates.Status.SETTLED}
    assert ended.isdisjoint(status for status, _ in duplicates.TRANSITIONS)
    assert {status for status, _ in drafts.TRANSITIONS} == {drafts.Status.OPEN}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("12345678", "123*5678"),
        ("1234567", "*******"),
        ("", None),
        (None, None),
    ],
)
def test_a_number_shows_its_ends_or_nothing(number: str | None, shown: str | None) -> None:
    assert masking.phone(number) == shown


@given(st.text(min_size=2, max_size=20))
def test_a_name_shows_its_first_character_alone(full: str) -> None:
    assert masking.name(full) == f"{full[0]}*"
    assert masking.name(None) is None
