"""What sets duties of a plan off is told by some service, and heard, or a person may say so."""

from collections.abc import Iterator

import pytest

from reference import city
from reference.cityrows import Trigger
from services.tasks.handlers import SUBSCRIPTIONS
from services.tasks.triggers.domain import HEARD
from tools.docs import sources


def unversioned(subject: str) -> str:
    return subject.rpartition(".")[0]


def triggers() -> Iterator[Trigger]:
    """Every version of every trigger of the pack's plans."""
    for plan in city.current().plans.values():
        yield from plan.triggers


NAMED = sorted({event for row in triggers() for event in row.events})


@pytest.mark.parametrize("event", NAMED)
def test_an_event_that_a_plan_names_is_told_by_a_service(event: str) -> None:
    assert event in {unversioned(kind.subject) for kind in sources.events()}


def test_what_sets_duties_off_is_heard_and_named() -> None:
    heard = {unversioned(one.event.subject) for one in SUBSCRIPTIONS}
    assert heard >= HEARD
    assert set(NAMED) >= HEARD


def test_what_is_not_heard_a_person_may_say() -> None:
    # One fact that is heard has a person refused: what the others mean would never be owed.
    lost = [
        row.code
        for row in triggers()
        if not row.told and set(row.events) & HEARD and not set(row.events) <= HEARD
    ]
    assert lost == []


def test_a_person_is_let_only_beside_facts_that_are_heard() -> None:
    assert [row.code for row in triggers() if row.told and not set(row.events) & HEARD] == []
