"""Everybody reads and answers what was sent to them, and nothing else."""

import pytest
from sqlalchemy import text

from contracts.inspections import EnterpriseFlagged, EnterpriseRegistered, VisitOpened
from contracts.notifications import AlarmAcknowledged
from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.ids import uuid7
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery
from tests.services.notifications.facts import (
    ADMINISTRATOR,
    AT,
    COUNTY_DESK,
    ENTERPRISE,
    LEADER,
    LEIYANG,
    MINE,
    OTHER_ENTERPRISE,
    UNITLESS,
    desk,
    holder,
    reported,
)
from tests.services.stage import Stage

LEIYANG_DESK = desk("430481.emergency")


async def inbox(stage: Stage, by: Principal, **asked: str | bool | int) -> list[dict[str, object]]:
    async with stage.as_(by) as client:
        answer = await client.get("/notifications/messages", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def only(stage: Stage) -> str:
    [row] = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    return str(row.delivery_id)


async def flagged(stage: Stage) -> None:
    await stage.hear(
        EnterpriseFlagged(
            occurred_at=AT, uscc=MINE, region_code=LEIYANG, accident_id=uuid7(), reason="accident"
        )
    )


@pytest.mark.parametrize(
    "stranger",
    [
        desk("430407.emergency"),
        desk("430481.education"),
        holder("430481.emergency.principal"),
        OTHER_ENTERPRISE,
        ENTERPRISE,
    ],
    ids=lambda by: f"{by.unit or by.uscc}-{by.post}",
)
async def test_a_message_to_a_post_is_absent_for_everybody_else(
    stage: Stage, stranger: Principal
) -> None:
    await stage.hear(reported())
    path = f"/notifications/messages/{await only(stage)}"

    assert await inbox(stage, stranger) == []
    async with stage.as_(stranger) as client:
        assert (await client.get(path)).status_code == 404
        assert (await client.post(f"{path}/acknowledge")).status_code == 404


async def test_an_account_without_a_post_stands_for_its_whole_unit(stage: Stage) -> None:
    await stage.hear(reported())
    someone = desk("430481.emergency", post=None)
    assert [item["recipient"] for item in await inbox(stage, someone)] == [COUNTY_DESK]


async def test_a_leader_sees_whether_those_below_answered_and_cannot_answer_for_them(
    stage: Stage,
) -> None:
    await stage.hear(reported())
    path = f"/notifications/messages/{await only(stage)}"

    assert await inbox(stage, LEADER) == []
    [below] = await inbox(stage, LEADER, below=True)
    assert below["recipient"] == COUNTY_DESK
    async with stage.as_(LEADER) as client:
        assert (await client.get(path)).json()["read_at"] is None, "looking is not reading"
        assert (await client.post(f"{path}/acknowledge")).status_code == 403


async def test_a_desk_may_not_look_into_the_inboxes_below(stage: Stage) -> None:
    async with stage.as_(desk("430400.emergency")) as client:
        answer = await client.get("/notifications/messages", params={"below": True})
    assert answer.status_code == 403


async def test_an_administrator_reads_nobodys_messages(stage: Stage) -> None:
    async with stage.as_(ADMINISTRATOR) as client:
        assert (await client.get("/notifications/messages")).status_code == 403


async def test_acknowledging_twice_changes_nothing_the_second_time(stage: Stage) -> None:
    await stage.hear(reported())
    path = f"/notifications/messages/{await only(stage)}/acknowledge"
    async with stage.as_(LEIYANG_DESK) as client:
        first = await client.post(path)
        second = await client.post(path)

    assert first.json() == second.json()
    assert first.json()["acknowledged_by"] == LEIYANG_DESK.subject
    assert len(await stage.told(AlarmAcknowledged)) == 1
    [record] = await stage.rows(AuditRecord, act="acknowledge")
    assert (record.actor, record.unit) == (LEIYANG_DESK.subject, "430481.emergency")


async def test_unread_and_unacknowledged_shrink_as_messages_are_opened_and_answered(
    stage: Stage,
) -> None:
    await stage.hear(reported(), reported())
    newest, _ = await inbox(stage, LEIYANG_DESK)
    path = f"/notifications/messages/{newest['message_id']}"
    async with stage.as_(LEIYANG_DESK) as client:
        await client.get(path)
    assert len(await inbox(stage, LEIYANG_DESK, unread=True)) == 1
    assert len(await inbox(stage, LEIYANG_DESK, unacknowledged=True)) == 2
    async with stage.as_(LEIYANG_DESK) as client:
        await client.post(f"{path}/acknowledge")
    assert len(await inbox(stage, LEIYANG_DESK, unacknowledged=True)) == 1


async def test_pages_follow_one_another_without_gap_or_repeat(stage: Stage) -> None:
    await stage.hear(*(reported() for _ in range(5)))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    async with stage.as_(LEIYANG_DESK) as client:
        while True:
            answer = await client.get("/notifications/messages", params={"limit": 2, **cursor})
            page = answer.json()
            seen += [item["message_id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


async def test_an_enterprise_is_told_of_itself_only(stage: Stage) -> None:
    await flagged(stage)
    [message] = await inbox(stage, ENTERPRISE)
    assert message["recipient"] == MINE
    assert await inbox(stage, OTHER_ENTERPRISE) == []


async def test_an_account_without_a_unit_reads_nobodys_inbox(stage: Stage) -> None:
    await flagged(stage)
    await stage.hear(reported())
    assert await inbox(stage, UNITLESS) == []
    assert len(await inbox(stage, ENTERPRISE)) == 1


@pytest.mark.parametrize(
    ("kind", "said"), [("special", "Inspection ordered"), ("clue", "Clue to look into")]
)
async def test_an_inspection_is_told_to_the_inspectors_and_not_to_the_enterprise(
    stage: Stage, kind: str, said: str
) -> None:
    await stage.hear(
        VisitOpened(
            occurred_at=AT,
            visit_id=uuid7(),
            uscc=MINE,
            region_code=LEIYANG,
            unit="430481.emergency",
            kind=kind,
            origin=uuid7(),
            due_on=AT.date(),
        )
    )
    [message] = await inbox(stage, LEIYANG_DESK)
    assert said in str(message["subject"])
    assert await inbox(stage, ENTERPRISE) == []


async def test_an_alarm_names_the_enterprise_as_people_call_it(stage: Stage) -> None:
    await stage.hear(
        EnterpriseRegistered(
            occurred_at=AT, uscc=MINE, name="源江山煤矿", region_code=LEIYANG, industry="B06"
        )
    )
    await stage.hear(reported())
    [message] = await inbox(stage, LEIYANG_DESK)
    assert f"源江山煤矿 ({MINE})" in str(message["body"])


async def test_the_database_shows_an_actor_no_row_outside_of_its_scope(stage: Stage) -> None:
    await stage.hear(reported())
    await flagged(stage)
    counts = {}
    for by in (LEIYANG_DESK, desk("430407.emergency"), ENTERPRISE, OTHER_ENTERPRISE):
        async with stage.work(by) as session:
            for table in ("message", "delivery", "alarm"):
                query = text(f"SELECT count(*) FROM {table}")
                counts[by.unit or by.uscc, table] = await session.scalar(query)

    assert counts["430407.emergency", "delivery"] == counts["430407.emergency", "message"] == 0
    assert counts[OTHER_ENTERPRISE.uscc, "delivery"] == counts[OTHER_ENTERPRISE.uscc, "alarm"] == 0
    assert counts[MINE, "message"] == 1
    assert counts[MINE, "alarm"] == 0
    assert counts["430481.emergency", "alarm"] == 1
