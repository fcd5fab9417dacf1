"""The daily digest is one message that calls for no answer; a part held too long is an alarm."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.tasks import ObligationKind, PostHeld, UnitRecorded
from contracts.tasks_parts import PartOverdue
from contracts.tasks_reminders import DigestDue, EnterpriseDigestDue, PartDue, ThingDue
from kernel.ids import uuid7
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel
from services.notifications.messages.tables import Delivery, Message
from services.notifications.wording import domain as wording
from services.notifications.wording import domain_reminders as reminders
from tests.services.notifications.facts import AT, LEIYANG, MINE
from tests.services.stage import Stage

UNIT = f"{LEIYANG}.housing"


def digest(**changed: Any) -> DigestDue:
    facts: dict[str, Any] = {
        "occurred_at": AT,
        "unit": UNIT,
        "region_code": LEIYANG,
        "day": date(2031, 5, 2),
        "overdue": 1,
        "due_today": 2,
        "due_soon": 3,
        "within": 3,
        "waiting": 4,
        "to_review": 5,
        "obligations": (uuid7(),),
    }
    return DigestDue(**facts | changed)


def recorded(*posts: PostHeld) -> UnitRecorded:
    return UnitRecorded(
        occurred_at=AT,
        unit=UNIT,
        name_zh="耒阳市住房和城乡建设局",
        name_en="Leiyang housing",
        region_code=LEIYANG,
        kind="department",
        posts=posts,
        effective_from=date(2023, 1, 1),
    )


LIAISON = PostHeld(
    post=f"{UNIT}.liaison", label_zh="联络员", label_en="Liaison", email="liaison@example.org"
)
HEAD = PostHeld(
    post=f"{UNIT}.principal", label_zh="局长", label_en="Head", email="head@example.org"
)


@pytest.mark.parametrize(
    ("posts", "recipient"), [((LIAISON, HEAD), f"{UNIT}.liaison"), ((HEAD,), UNIT)]
)
async def test_the_liaison_officer_hears_of_it_or_else_the_unit(
    stage: Stage, posts: tuple[PostHeld, ...], recipient: str
) -> None:
    await stage.hear(recorded(*posts), digest())

    (message,) = await stage.rows(Message)
    deliveries = await stage.rows(Delivery)
    assert {row.recipient for row in deliveries} == {recipient}
    assert {row.channel for row in deliveries} == {Channel.INBOX, Channel.EMAIL}
    assert message.kind == "tasks.digest.due"
    assert await stage.rows(Alarm) == []


def test_it_says_how_many_and_never_what() -> None:
    said = wording.words(digest())

    assert said.subject.zh == "【每日提醒】耒阳市住房和城乡建设局：逾期 1，今日到期 2"
    assert "3 个工作日内到期：3" in said.body.zh
    assert "For the unit to review: 5" in said.body.en
    assert "{" not in said.body.zh + said.body.en + said.subject.en


LATE = PartOverdue(
    occurred_at=AT,
    obligation_id=uuid7(),
    part_id=uuid7(),
    unit=UNIT,
    region_code=LEIYANG,
    kind=ObligationKind.PLAN,
    role="supporting",
    origin=uuid7(),
    due_at=AT,
)


async def test_whoever_holds_a_part_too_long_is_called_and_then_those_above(stage: Stage) -> None:
    await stage.hear(LATE)
    first = {row.recipient for row in await stage.rows(Delivery, channel=Channel.INBOX)}
    await stage.fire_until(AT + timedelta(days=1))

    then = {row.recipient for row in await stage.rows(Delivery, channel=Channel.INBOX)}
    assert first == {f"{UNIT}.liaison"}
    assert f"{UNIT}.principal" in then


def test_an_overdue_part_says_whose_it_is_and_in_what_role() -> None:
    said = wording.words(LATE)

    assert said.subject.zh == "【分工超期】耒阳市住房和城乡建设局：工作要点规定的事项（配合）"
    assert str(LATE.obligation_id) in said.body.zh
    assert "{" not in said.body.zh + said.body.en + said.subject.en


def due(zh: str, en: str, *, days: int) -> PartDue:
    return PartDue(part_id=uuid7(), title_zh=zh, title_en=en, due_at=AT + timedelta(days=days))


def test_a_digest_says_what_the_most_urgent_parts_are_of_and_by_when_they_are_due() -> None:
    pipes = due("配合：改造燃气管道40公里", "Support: replace 40 km of pipes", days=1)
    meeting = due("共同牵头：开好会议", "Lead jointly: hold the meeting", days=2)

    said = wording.words(digest(parts=(pipes.part_id,), parts_due=(pipes, meeting))).body

    assert "\n· 配合：改造燃气管道40公里（2031-05-03 03:10 截止）\n· 共同牵头：" in said.zh
    assert "\n· Support: replace 40 km of pipes (due 2031-05-03 03:10)\n· Lead jointly" in said.en
    assert str(pipes.part_id) not in said.zh + said.en


def test_a_digest_that_was_told_before_parts_had_titles_names_them_by_id() -> None:
    first = uuid7()
    said = reminders.digest(digest(parts=(first,)))["named"]
    none = reminders.digest(digest())["named"]

    assert (said.zh, said.en, none.zh, none.en) == (str(first), str(first), "无", "none")


def thing(kind: str, zh: str, en: str) -> ThingDue:
    first = uuid7()
    return ThingDue(
        kind=kind, id=first, entity=f"{kind}s/{first}", title_zh=zh, title_en=en, due_at=AT
    )


ANSWER = thing("supervision", "答复监督文书：督办 督办〔2023〕1号", "Answer a supervision: 1")


def test_a_digest_names_supervisory_orders() -> None:
    said = wording.words(digest(named=(ANSWER,), to_decide=6)).body

    assert "\n· 答复监督文书：督办 督办〔2023〕1号（2031-05-02 03:10 截止）" in said.zh
    assert "\n· Answer a supervision: 1 (due 2031-05-02 03:10)" in said.en
    assert "待本单位决定的任务异议：6" in said.zh


async def test_an_enterprise_finds_its_digest_in_its_inbox_and_nobody_else_does(
    stage: Stage,
) -> None:
    told = EnterpriseDigestDue(
        occurred_at=AT,
        enterprise_uscc=MINE,
        region_code=LEIYANG,
        day=date(2031, 5, 2),
        overdue=1,
        due_today=0,
        due_soon=2,
        within=3,
        named=(ANSWER,),
    )

    await stage.hear(told)

    (message,) = await stage.rows(Message)
    inbox = await stage.rows(Delivery, channel=Channel.INBOX)
    assert [(row.recipient, row.enterprise_uscc) for row in inbox] == [(MINE, MINE)]
    assert (message.enterprise_uscc, message.kind) == (MINE, "tasks.enterprise_digest.due")
    assert message.subject_zh == f"【每日提醒】{MINE}：逾期 1，今日到期 0"
    assert "督办〔2023〕1号" in message.body_zh
    assert "Due within 3 working days: 2" in message.body_en
    assert await stage.rows(Alarm) == []
