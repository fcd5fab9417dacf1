"""Supervisory orders: those addressed, those who judge and those above hear of them."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.tasks_supervisions import (
    SupervisionAccepted,
    SupervisionAnswered,
    SupervisionClimbed,
    SupervisionExtended,
    SupervisionFact,
    SupervisionIssued,
    SupervisionOverdue,
    SupervisionReturned,
    SupervisionWarned,
    SupervisionWithdrawn,
)
from kernel.ids import uuid7
from reference.terms import SupervisionCause, SupervisionKind, SupervisionStep
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery
from services.notifications.wording import domain as wording
from tests.services.notifications.facts import AT
from tests.services.stage import Stage

UNIT, OTHER = "430481.housing", "430481.urban_management"
SIGNING = "430400.government"
ISSUER, ABOVE = "430400.committee_office", "430481.government"
USCC = "91430481MA4T00019M"
DUE = AT + timedelta(days=14)


def facts(**changed: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "occurred_at": AT,
        "supervision_id": uuid7(),
        "region_code": "430400",
        "kind": SupervisionKind.SUPERVISION,
        "number": "督办〔2023〕1号",
        "issuer": ISSUER,
        "unit": UNIT,
        "cause": SupervisionCause.FREE,
    }
    return said | changed


async def reached(stage: Stage) -> set[str]:
    rows = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    return {row.recipient for row in rows}


ISSUED = SupervisionIssued(**facts(units=(UNIT, OTHER), cc=(ABOVE,), due_at=DUE))
CLIMBED = SupervisionClimbed(
    **facts(
        rung=2,
        superior=ABOVE,
        follows=SupervisionKind.LISTING,
        automatic=False,
        proposed_to=SIGNING,
        following_id=uuid7(),
        due_at=DUE,
    )
)
OVERDUE = SupervisionOverdue(**facts(step=SupervisionStep.ANSWER, due_at=DUE))


@pytest.mark.parametrize(
    ("event", "to"),
    [
        (ISSUED, {UNIT, OTHER, ABOVE}),
        (SupervisionAnswered(**facts(round=1, late=False)), {ISSUER}),
        (SupervisionReturned(**facts(round=2, due_at=DUE)), {UNIT}),
        (SupervisionAccepted(**facts()), {UNIT}),
        (SupervisionExtended(**facts(due_at=DUE)), {UNIT}),
        (SupervisionWithdrawn(**facts(units=(UNIT, OTHER))), {UNIT, OTHER}),
        (SupervisionWarned(**facts(due_at=DUE)), {UNIT}),
        (CLIMBED, {UNIT, ABOVE, ISSUER, SIGNING}),
    ],
)
async def test_whoever_has_to_know_finds_it_in_the_inbox(
    stage: Stage, event: SupervisionFact, to: set[str]
) -> None:
    await stage.hear(event)

    assert await reached(stage) == to
    assert await stage.rows(Alarm) == []


async def test_a_missed_deadline_calls_the_unit_and_then_those_above(stage: Stage) -> None:
    await stage.hear(OVERDUE)
    first = await reached(stage)
    await stage.fire_until(AT + timedelta(days=1))

    assert first == {f"{UNIT}.liaison"}
    assert f"{UNIT}.principal" in await reached(stage)


async def test_an_enterprise_hears_of_its_order_and_of_its_own_delay(stage: Stage) -> None:
    to_it = {"unit": ISSUER, "enterprise_uscc": USCC}
    await stage.hear(SupervisionIssued(**facts(**to_it, units=(), due_at=DUE)))
    assert await reached(stage) == {USCC}

    late = {"step": SupervisionStep.RECEIPT, "due_at": DUE}
    await stage.hear(SupervisionOverdue(**facts(**to_it, **late)))
    assert await reached(stage) == {USCC, f"{ISSUER}.liaison"}


async def test_an_enterprise_does_not_hear_of_the_issuer_s_own_delay(stage: Stage) -> None:
    said = facts(unit=ISSUER, enterprise_uscc=USCC)
    await stage.hear(SupervisionOverdue(**said, step=SupervisionStep.ACCEPTANCE, due_at=DUE))

    assert await reached(stage) == {f"{ISSUER}.liaison"}


def test_words_name_the_number_and_the_units_and_say_what_the_platform_did() -> None:
    told = wording.words(ISSUED)
    assert "督办〔2023〕1号" in told.subject.zh
    assert "耒阳市住房和城乡建设局" in told.body.zh
    alone = wording.words(SupervisionIssued(**facts(units=(UNIT,), automatic=True)))
    assert "系统自动催办" in alone.subject.zh
    assert "no answer is asked for" in alone.body.en
    assert "已拟稿，待签发" in wording.words(CLIMBED).subject.zh
    assert "答复" in wording.words(OVERDUE).subject.zh
