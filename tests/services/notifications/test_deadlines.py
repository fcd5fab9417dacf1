"""A deadline missed after an accident calls whoever had to act."""

import pytest

from contracts.incidents_cases import DeadlineKind, DeadlineMissed
from kernel.ids import uuid7
from reference.terms import Grade
from services.notifications.routing import domain as routing
from services.notifications.wording import domain as wording
from tests.services.notifications.facts import AT, LEIYANG, MINE


def missed(kind: DeadlineKind) -> DeadlineMissed:
    return DeadlineMissed(
        occurred_at=AT,
        accident_id=uuid7(),
        region_code=LEIYANG,
        enterprise_uscc=MINE,
        kind=kind,
        entity_id=uuid7(),
        unit="430400.emergency",
        due_at=AT,
        grade=Grade.LARGER,
    )


@pytest.mark.parametrize("kind", DeadlineKind)
def test_every_kind_calls_its_unit_and_says_what_was_due(kind: DeadlineKind) -> None:
    event = missed(kind)
    [chain] = routing.chains(event, on=AT.date())
    said = wording.words(event)

    assert chain.route == "deadline_missed"
    assert chain.steps[0].to == ("430400.emergency.liaison",)
    assert chain.steps[1].to[0] == "430400.emergency.principal"
    assert "{" not in said.subject.zh + said.body.en
    assert "2031-05-02 03:10" in said.body.zh
