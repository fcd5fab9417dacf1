"""Hotline orders: their units hear of them, and those above where a step was missed."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.tasks_orders import (
    OrderDecisionDue,
    OrderDispatched,
    OrderFact,
    OrderOverdue,
    OrderRewardDue,
    OrderUrged,
    OrderWarned,
)
from kernel.ids import uuid7
from reference.terms import Hotline, OrderClass, OrderStep
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery, Message
from services.notifications.routing import domain as routing
from services.notifications.wording import domain as wording
from services.notifications.wording import domain_labels as labels
from tests.services.notifications.facts import AT, LEIYANG
from tests.services.stage import Stage

UNIT = "430481.housing"
ORDER = uuid7()


def _order(**changed: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "occurred_at": AT,
        "order_id": ORDER,
        "region_code": LEIYANG,
        "hotline": Hotline.GOVERNMENT,
        "order_class": OrderClass.COMPLAINT,
        "matter": "construction",
        "unit": UNIT,
    }
    return facts | changed


DUE = AT + timedelta(days=7)
DISPATCHED = OrderDispatched(**_order(part="lead", round=1, sign_due_at=AT, due_at=DUE))
WARNED = OrderWarned(**_order(due_at=DUE))
URGED = OrderUrged(**_order(times=2))
OVERDUE = OrderOverdue(**_order(step=OrderStep.HANDLE, due_at=DUE))
DESK, NAMED = "430400.government_office", "430481.urban_management"
RETURNED = OrderDecisionDue(
    **_order(unit=DESK, step=OrderStep.DECIDE_RETURN, holder=UNIT, due_at=DUE)
)
OBJECTED = RETURNED.model_copy(update={"step": OrderStep.ARBITRATE, "named": NAMED})

USCC = "91430481MA4T00019M"
REWARD = OrderRewardDue(**_order(enterprise_uscc=USCC, concealed_accident=True))


async def reached(stage: Stage) -> set[str]:
    rows = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    return {row.recipient for row in rows}


@pytest.mark.parametrize("event", [DISPATCHED, WARNED, URGED])
async def test_the_unit_hears_of_what_it_was_sent(stage: Stage, event: OrderFact) -> None:
    await stage.hear(event)

    assert await reached(stage) == {UNIT}
    assert await stage.rows(Alarm) == []


async def test_whoever_has_to_decide_hears_that_it_is_their_turn(stage: Stage) -> None:
    await stage.hear(RETURNED)

    assert await reached(stage) == {DESK}
    assert await stage.rows(Alarm) == []


async def test_whoever_verified_what_was_told_hears_that_a_reward_is_due(stage: Stage) -> None:
    await stage.hear(REWARD)

    assert await reached(stage) == {UNIT}
    assert await stage.rows(Alarm) == []


async def test_a_reward_tells_nothing_by_which_its_informant_is_known(stage: Stage) -> None:
    """No matter, place, hotline or enterprise, neither in words nor beside them."""
    await stage.hear(REWARD)

    [message] = await stage.rows(Message)
    said = message.subject_zh + message.body_zh + message.subject_en + message.body_en
    place, line = labels.place(REWARD.region_code), REWARD.hotline
    matter = labels.matter(REWARD.matter, on=AT.date())
    hidden = (USCC, place.zh, place.en, line.zh, line.en, matter.zh, matter.en)
    assert [one for one in hidden if one in said] == []
    assert message.enterprise_uscc is None
    assert "瞒报谎报事故" in said


async def test_the_unit_that_an_objection_names_hears_of_it_too(stage: Stage) -> None:
    await stage.hear(OBJECTED)

    assert await reached(stage) == {DESK, NAMED}


def test_it_is_said_between_whom_an_objection_is_decided() -> None:
    assert "所涉单位：耒阳市住房和城乡建设局、耒阳市城市管理" in wording.words(OBJECTED).body.zh


async def test_a_step_that_was_missed_calls_the_unit_and_then_those_above(stage: Stage) -> None:
    await stage.hear(OVERDUE)
    first = await reached(stage)
    await stage.fire_until(AT + timedelta(days=1))

    assert first == {f"{UNIT}.liaison"}
    assert f"{UNIT}.principal" in await reached(stage)


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (DISPATCHED, "【热线工单】耒阳市住房和城乡建设局：建筑施工（投诉举报）"),
        (WARNED, "【工单临期】耒阳市住房和城乡建设局：建筑施工"),
        (URGED, "【催办】耒阳市住房和城乡建设局：建筑施工（第 2 次）"),
        (RETURNED, "【退单审核】衡阳市人民政府办公室：建筑施工"),
        (OBJECTED, "【派单异议裁定】衡阳市人民政府办公室：建筑施工"),
        (REWARD, "【举报奖励待办】耒阳市住房和城乡建设局"),
        (OVERDUE, "【工单超期】耒阳市住房和城乡建设局：建筑施工（办理）"),
    ],
)
def test_what_is_said_of_an_order_fits_one_line(event: OrderFact, subject: str) -> None:
    said = wording.words(event)

    assert said.subject.zh == subject
    assert len(said.subject.zh) <= 45
    assert str(ORDER) in said.body.zh
    assert "{" not in said.body.zh + said.body.en + said.subject.en


def test_a_matter_that_no_pack_knows_stands_as_it_is() -> None:
    assert "witchcraft" in wording.words(WARNED.model_copy(update={"matter": "witchcraft"})).body.zh


@pytest.mark.parametrize("region", ["430481", "430471", "430400"])
def test_every_place_has_somebody_to_call(region: str) -> None:
    [chain] = routing.chains(OVERDUE.model_copy(update={"region_code": region}), on=AT.date())

    assert chain.route != routing.UNROUTED
