"""Signs of concealed accidents call the desks at once, and those above when nobody checks."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.incidents import LeadFact, LeadOverdue, LeadSettled, LeadUnmatched
from kernel.ids import uuid7
from reference.terms import LeadSource, LeadStep
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery, Message
from services.notifications.routing import domain as routing
from services.notifications.wording import domain as wording
from tests.services.notifications.facts import AT, CITY_DESK, COUNTY_DESK, COUNTY_HEAD, LEIYANG
from tests.services.stage import Stage

LEAD = uuid7()


def unmatched(**changes: Any) -> LeadUnmatched:
    values: dict[str, Any] = {
        "happened_at": AT - timedelta(days=2),
        "deaths_alleged": 2,
        "first_check_due_at": AT + timedelta(days=5),
        "result_due_at": AT + timedelta(days=61),
    }
    return LeadUnmatched(**_lead() | values | changes)


def overdue(step: LeadStep) -> LeadOverdue:
    return LeadOverdue(**_lead(), step=step, due_at=AT + timedelta(days=5))


def settled(*, confirmed: bool) -> LeadSettled:
    return LeadSettled(**_lead(), confirmed=confirmed)


def _lead() -> dict[str, Any]:
    return {
        "occurred_at": AT,
        "lead_id": LEAD,
        "region_code": LEIYANG,
        "source": LeadSource.HOTLINE,
        "unit": "430481.emergency",
    }


async def called(stage: Stage, kind: str) -> dict[str, bool]:
    """Who has a message of this kind, and whether it has to be answered."""
    messages = {row.message_id for row in await stage.rows(Message, kind=kind)}
    rows = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    return {row.recipient: bool(row.alarm_id) for row in rows if row.message_id in messages}


async def test_an_unmatched_lead_calls_both_desks_at_once(stage: Stage) -> None:
    await stage.hear(unmatched())

    assert await called(stage, "incidents.lead.unmatched") == {COUNTY_DESK: True, CITY_DESK: True}
    [alarm] = await stage.rows(Alarm)
    assert alarm.route == "lead_unmatched"


async def test_a_check_that_was_not_made_calls_those_above(stage: Stage) -> None:
    await stage.hear(overdue(LeadStep.FIRST_CHECK))

    reached = await called(stage, "incidents.lead.overdue")
    assert set(reached) == {COUNTY_DESK, COUNTY_HEAD, CITY_DESK}


async def test_whoever_was_alarmed_hears_what_the_check_found(stage: Stage) -> None:
    await stage.hear(unmatched(), settled(confirmed=True))

    assert await called(stage, "incidents.lead.settled") == {COUNTY_DESK: False, CITY_DESK: False}


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (unmatched(), "【疑似事故未报】耒阳市：热线举报反映死亡2人，请立即核查"),
        (
            unmatched(reported_as=uuid7()),
            "【疑似少报死亡】耒阳市：热线举报反映死亡2人，请立即核查",
        ),
        (overdue(LeadStep.RESULT), "【核查超期】耒阳市：热线举报线索的核查结果未按时完成"),
        (settled(confirmed=True), "【核查结果】耒阳市：热线举报线索查实瞒报"),
        (settled(confirmed=False), "【核查结果】耒阳市：热线举报线索不属实"),
    ],
)
def test_what_is_said_of_a_lead_fits_one_line(event: LeadFact, subject: str) -> None:
    said = wording.words(event)

    assert said.subject.zh == subject
    assert len(said.subject.zh) <= 45
    assert str(LEAD) in said.body.zh
    assert "{" not in said.body.zh + said.body.en + said.subject.en


@pytest.mark.parametrize("region", ["430481", "430471", "430400"])
@pytest.mark.parametrize("event", [unmatched(), overdue(LeadStep.RESULT)])
def test_every_place_has_somebody_to_call(event: LeadFact, region: str) -> None:
    [chain] = routing.chains(event.model_copy(update={"region_code": region}), on=AT.date())

    assert chain.route != routing.UNROUTED
    assert all(not step.placeless for step in chain.steps)
