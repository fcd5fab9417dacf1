"""Evidence that went back and appeals that were decided reach whoever has to act on it."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.tasks import ObligationKind, PostHeld, UnitRecorded
from contracts.tasks_evidence import (
    AppealDecided,
    AppealMade,
    AppealUndecided,
    CreditWithdrawn,
    EvidenceQuestioned,
    EvidenceReturned,
)
from contracts.tasks_parts import PartAppealDecided, PartAppealed
from kernel.events import Event
from kernel.ids import uuid7
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.tables import Delivery, Message
from services.notifications.wording import domain as wording
from tests.services.notifications.facts import AT, LEIYANG, MINE
from tests.services.stage import Stage

UNIT = f"{LEIYANG}.housing"
LIAISON = PostHeld(
    post=f"{UNIT}.liaison", label_zh="联络员", label_en="Liaison", email="liaison@example.org"
)


def facts(**changed: Any) -> dict[str, Any]:
    common: dict[str, Any] = {
        "occurred_at": AT,
        "obligation_id": uuid7(),
        "region_code": LEIYANG,
        "subject_code": MINE,
    }
    return common | changed


def returned(**changed: Any) -> EvidenceReturned:
    values = {
        "evidence_id": uuid7(),
        "kind": ObligationKind.PLAN,
        "duty": "2031/4.1",
        "due_at": AT + timedelta(days=3),
    }
    return EvidenceReturned(**facts(**values | changed))


def part(**changed: Any) -> dict[str, Any]:
    common: dict[str, Any] = {
        "occurred_at": AT,
        "obligation_id": uuid7(),
        "part_id": uuid7(),
        "unit": UNIT,
        "lead": f"{LEIYANG}.emergency",
        "region_code": LEIYANG,
        "kind": ObligationKind.PLAN,
        "role": "supporting",
        "duty": "2031/4.1",
        "due_at": AT + timedelta(days=9),
    }
    return common | changed


OFFICE, LEAD = f"{LEIYANG}.committee_office", f"{LEIYANG}.emergency.liaison"
OF_PARTS: tuple[Event, ...] = (
    *(
        PartAppealed(**part(ground=ground, office=OFFICE))
        for ground in ("not_ours", "impossible", "wrong_deadline", "delivered")
    ),
    *(PartAppealDecided(**part(status=status)) for status in ("excused", "moved", "refused")),
)
OBJECTION = {
    **facts(),
    "appeal_id": uuid7(),
    "kind": ObligationKind.PLAN,
    "duty": "2031/4.1",
    "unit": OFFICE,
}
OBJECTED = tuple(
    AppealMade(**OBJECTION, ground=ground)
    for ground in ("not_ours", "impossible", "wrong_deadline", "delivered")
)
UNDECIDED = AppealUndecided(**OBJECTION, decision_due_at=AT)
EVERY: tuple[Event, ...] = (
    returned(),
    EvidenceQuestioned(**returned().model_dump()),
    CreditWithdrawn(**facts(evidence_id=uuid7(), owed_again=True)),
    *(
        AppealDecided(**facts(status=status, due_at=AT + timedelta(days=9)))
        for status in ("excused", "moved", "refused")
    ),
)


@pytest.mark.parametrize("event", EVERY, ids=lambda event: type(event).__name__)
async def test_the_enterprise_hears_of_it_once_and_need_not_answer(
    stage: Stage, event: Event
) -> None:
    await stage.hear(event)

    (message,) = await stage.rows(Message)
    assert {row.recipient for row in await stage.rows(Delivery)} == {MINE}
    assert message.kind == event.subject.removesuffix(".v1")
    assert await stage.rows(Alarm) == []


async def test_of_a_unit_the_liaison_officer_hears_of_it(stage: Stage) -> None:
    recorded = UnitRecorded(
        occurred_at=AT,
        unit=UNIT,
        name_zh="耒阳市住房和城乡建设局",
        name_en="Leiyang housing",
        region_code=LEIYANG,
        kind="department",
        posts=(LIAISON,),
        effective_from=date(2023, 1, 1),
    )

    await stage.hear(recorded, returned(subject_code=UNIT))

    assert {row.recipient for row in await stage.rows(Delivery)} == {LIAISON.post}


@pytest.mark.parametrize(
    "event", [*EVERY, *OF_PARTS, *OBJECTED, UNDECIDED], ids=lambda event: type(event).__name__
)
def test_it_says_which_duty_and_leaves_no_gap(event: Event) -> None:
    said = wording.words(event)

    whole = said.subject.zh + said.subject.en + said.body.zh + said.body.en
    assert "{" not in whole
    assert str(event.obligation_id) in said.body.zh  # type: ignore[attr-defined]  # each has one


def test_what_came_back_is_named_by_its_number_and_when_it_is_due() -> None:
    said = wording.words(returned())

    assert said.subject.zh.startswith("【佐证退回】")
    assert "2031年工作要点第 4.1 项" in said.subject.zh
    assert "时限：2031-05-05 03:10" in said.body.zh


async def test_of_an_objection_to_a_part_the_unit_the_lead_and_the_office_hear(
    stage: Stage,
) -> None:
    await stage.hear(PartAppealed(**part(ground="not_ours", office=OFFICE)))

    told = {row.recipient for row in await stage.rows(Delivery)}
    assert told == {LIAISON.post, LEAD, OFFICE}
    assert await stage.rows(Alarm) == []


async def test_where_no_office_is_known_the_unit_and_the_lead_hear_all_the_same(
    stage: Stage,
) -> None:
    await stage.hear(PartAppealed(**part(ground="not_ours", office=None)))

    told = {row.recipient for row in await stage.rows(Delivery)}
    assert told == {LIAISON.post, LEAD}


async def test_of_the_decision_on_a_part_the_unit_and_the_lead_hear(stage: Stage) -> None:
    await stage.hear(PartAppealDecided(**part(status="excused")))

    told = {row.recipient for row in await stage.rows(Delivery)}
    assert told == {LIAISON.post, LEAD}


def test_it_names_the_part_s_unit_and_the_ground_or_the_outcome() -> None:
    made = wording.words(PartAppealed(**part(ground="delivered", office=None)))
    decided = wording.words(PartAppealDecided(**part(status="excused")))

    assert made.subject.zh.startswith("【分工异议】耒阳市住房和城乡建设局")
    assert "理由类别：已按要求完成" in made.body.zh
    assert decided.subject.zh.endswith("同意免除")


async def test_the_office_hears_of_an_objection_and_of_its_own_delay_with_those_above(
    stage: Stage,
) -> None:
    await stage.hear(OBJECTED[0])
    told = {row.recipient for row in await stage.rows(Delivery)}
    quiet = await stage.rows(Alarm)
    await stage.hear(UNDECIDED)
    called = {row.recipient for row in await stage.rows(Delivery)} - told

    assert (told, quiet) == ({OFFICE}, [])
    assert called == {f"{OFFICE}.liaison", f"{OFFICE}.principal"}
    (alarm,) = await stage.rows(Alarm)
    assert alarm.kind == "tasks.appeal.undecided"


async def test_where_no_office_may_decide_nobody_hears_of_it(stage: Stage) -> None:
    await stage.hear(OBJECTED[0].model_copy(update={"unit": None}))

    assert await stage.rows(Delivery) == []


def test_who_has_not_decided_is_named_and_nothing_of_what_was_written() -> None:
    said = wording.words(UNDECIDED)

    assert said.subject.zh.startswith("【异议逾期未裁定】耒阳市：2031年工作要点第 4.1 项")
    assert "裁定单位：耒阳市安全生产委员会办公室" in said.body.zh
    assert f"提出异议：{MINE}" in said.body.zh
