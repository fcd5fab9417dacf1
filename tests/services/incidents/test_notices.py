"""Bodies beside the line: owed with the accident, told once, with a receipt."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update

from contracts.incidents import NoticeOverdue
from kernel.access import Principal
from kernel.timers import Timer
from services.incidents.notices import operations
from services.incidents.notices.tables import Notice
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    OTHER_COUNTY_DESK,
    RECEIVED,
    Body,
    heard,
    reported,
)
from tests.services.incidents.test_duplicates import decide, offered, two
from tests.services.stage import Stage

DUE = RECEIVED + timedelta(hours=2)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
BODIES = ["government", "human_resources", "procuratorate", "public_security", "trade_union"]


async def opened(stage: Stage) -> Body:
    told = await reported(stage)
    await heard(stage)
    return told


async def owed(stage: Stage, by: Principal, **asked: str) -> list[Body]:
    answer = await stage.as_(by).get("/incidents/notices", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[Body] = answer.json()
    return found


async def test_five_bodies_of_the_place_are_owed_a_notice(incidents: Stage) -> None:
    await opened(incidents)
    found = await owed(incidents, COUNTY_DESK, mine="true")

    assert sorted(notice["body"] for notice in found) == BODIES
    assert {notice["to_unit"].partition(".")[0] for notice in found} == {"430481"}
    assert {notice["due_at"] for notice in found} == {(RECEIVED + 2 * HOUR).isoformat()}


@pytest.mark.parametrize(("after", "late"), [(timedelta(), False), (MOMENT, True)])
async def test_a_notice_is_given_once_with_its_receipt(
    incidents: Stage, after: timedelta, late: bool
) -> None:
    told = await opened(incidents)
    [first, *rest] = await owed(incidents, COUNTY_DESK)
    path = f"/incidents/notices/{first['id']}/tell"
    incidents.now = RECEIVED + 2 * HOUR + after
    answers = [
        await incidents.as_(COUNTY_DESK).post(path, json={"receipt": receipt})
        for receipt in ("值班员接收", "又一次")
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["type"] == "/problems/already-told"
    given = answers[0].json()
    assert (given["status"], given["late"], given["receipt"]) == ("told", late, "值班员接收")
    assert given["told_by"] == COUNTY_DESK.subject
    assert [n["id"] for n in await owed(incidents, COUNTY_DESK)] == [n["id"] for n in rest]
    everything = await owed(incidents, COUNTY_DESK, accident_id=told["accident_id"])
    assert len(everything) == len(BODIES)


async def test_a_level_that_receives_the_report_tells_its_own_bodies(incidents: Stage) -> None:
    told = await opened(incidents)
    incidents.now = RECEIVED + HOUR
    path = f"/incidents/relays/{told['relays'][0]['id']}/forward"
    await incidents.as_(COUNTY_DESK).post(path)
    await heard(incidents)
    mine = await owed(incidents, CITY_DESK, mine="true")

    assert sorted(notice["body"] for notice in mine) == BODIES
    assert {notice["to_unit"].partition(".")[0] for notice in mine} == {"430400"}
    assert {notice["due_at"] for notice in mine} == {(RECEIVED + 3 * HOUR).isoformat()}


@pytest.mark.parametrize(
    ("by", "status"), [(CITY_DESK, 403), (OTHER_COUNTY_DESK, 404), (ENTERPRISE, 403)]
)
async def test_only_the_desk_that_owes_a_notice_gives_it(
    incidents: Stage, by: Principal, status: int
) -> None:
    await opened(incidents)
    [first, *_] = await owed(incidents, COUNTY_DESK)
    answer = await incidents.as_(by).post(
        f"/incidents/notices/{first['id']}/tell", json={"receipt": "r"}
    )

    assert answer.status_code == status
    assert await incidents.rows(Notice, status="told") == []


async def give(stage: Stage, notice: Body) -> int:
    path = f"/incidents/notices/{notice['id']}/tell"
    answer = await stage.as_(COUNTY_DESK).post(path, json={"receipt": "值班员接收"})
    return answer.status_code


async def test_a_notice_that_is_not_given_in_time_is_overdue_and_told_once(
    incidents: Stage,
) -> None:
    told = await opened(incidents)
    await incidents.fire_until(DUE - MOMENT)
    assert await incidents.told(NoticeOverdue) == []
    await incidents.fire_until(DUE)
    await incidents.fire_until(DUE + 9 * HOUR)

    [fact] = await incidents.told(NoticeOverdue)
    found = await owed(incidents, COUNTY_DESK)
    assert sorted(notice["body"] for notice in found) == BODIES
    assert {fact["to_unit"], *fact["further_units"]} == {notice["to_unit"] for notice in found}
    assert len(fact["further_units"]) == len(BODIES) - 1
    assert (fact["from_unit"], fact["grade"]) == ("430481.emergency", "larger")
    assert fact["accident_id"] == told["accident_id"]
    assert {notice["overdue_at"] for notice in found} == {DUE.isoformat()}


async def test_a_notice_that_was_given_is_never_overdue(incidents: Stage) -> None:
    await opened(incidents)
    [first, *rest] = await owed(incidents, COUNTY_DESK)
    incidents.now = DUE - MOMENT
    assert await give(incidents, first) == 200
    await incidents.fire_until(DUE + HOUR)

    [fact] = await incidents.told(NoticeOverdue)
    assert {fact["to_unit"], *fact["further_units"]} == {notice["to_unit"] for notice in rest}
    [timer] = await incidents.rows(Timer, kind=operations.NOTICE_DUE, entity_id=first["id"])
    assert (timer.cancelled_at, timer.fired_at) == (incidents.now, None)


async def test_a_clock_that_fires_while_the_notice_is_given_finds_it_given(
    incidents: Stage,
) -> None:
    await opened(incidents)
    [first, *_] = await owed(incidents, COUNTY_DESK)
    assert await give(incidents, first) == 200
    async with incidents.work() as session:
        await operations.mark_overdue(session, notice_id=UUID(first["id"]), now=DUE)

    assert await incidents.told(NoticeOverdue) == []


async def test_what_another_desk_owes_or_is_due_later_is_told_apart(incidents: Stage) -> None:
    await opened(incidents)
    [_, others, later, *rest] = await owed(incidents, COUNTY_DESK)
    async with incidents.work() as session:
        for body, change in ((others, {"from_unit": "x.y"}), (later, {"due_at": DUE + HOUR})):
            await session.execute(update(Notice).where(Notice.id == body["id"]).values(change))
        await session.execute(delete(Timer).where(Timer.entity_id == later["id"]))
    await incidents.fire_until(DUE)

    facts = await incidents.told(NoticeOverdue)
    told = {fact["from_unit"]: {fact["to_unit"], *fact["further_units"]} for fact in facts}
    assert told["x.y"] == {others["to_unit"]}
    assert later["to_unit"] not in told["430481.emergency"]
    assert told["430481.emergency"] >= {notice["to_unit"] for notice in rest}


async def test_a_notice_owed_since_before_there_were_clocks_gets_one(incidents: Stage) -> None:
    await opened(incidents)
    step = import_module("services.incidents.migrations.versions.0092_clocks_of_owed_notices")
    async with incidents.work() as session:
        await session.execute(delete(Timer).where(Timer.kind == operations.NOTICE_DUE))
    for _ in range(2):
        async with incidents.work() as session:
            await session.execute(text(step.CLOCKS))
    await incidents.fire_until(DUE)

    [fact] = await incidents.told(NoticeOverdue)
    assert len(fact["further_units"]) == len(BODIES) - 1


async def test_a_late_notice_is_still_given_and_keeps_its_mark(incidents: Stage) -> None:
    await opened(incidents)
    await incidents.fire_until(DUE)
    incidents.now = DUE + HOUR
    [first, *_] = await owed(incidents, COUNTY_DESK)
    assert await give(incidents, first) == 200

    [given] = await incidents.rows(Notice, status="told")
    assert (given.late, given.overdue_at) == (True, DUE)


async def test_the_notices_of_a_merged_accident_are_closed_with_it(incidents: Stage) -> None:
    first, later = await two(incidents)
    gone = await owed(incidents, COUNTY_DESK, accident_id=later["accident_id"])
    assert await give(incidents, gone[0]) == 200
    [pair] = await offered(incidents)
    assert (await decide(incidents, pair, "merge")).is_success
    await heard(incidents)

    assert await give(incidents, gone[1]) == 409
    await incidents.fire_until(DUE + HOUR)
    facts = await incidents.told(NoticeOverdue)
    assert {fact["accident_id"] for fact in facts} == {first["accident_id"]}
    rows = await incidents.rows(Notice)
    closed = [row for row in rows if str(row.accident_id) == later["accident_id"]]
    assert sorted(row.status for row in closed) == ["closed"] * 4 + ["told"]
    assert {notice["accident_id"] for notice in await owed(incidents, COUNTY_DESK)} == {
        first["accident_id"]
    }


async def test_of_an_accident_merged_before_its_report_was_heard_nobody_is_told(
    incidents: Stage,
) -> None:
    _, later = await two(incidents)
    [pair] = await offered(incidents)
    assert (await decide(incidents, pair, "merge")).is_success
    async with incidents.work() as session:
        await operations.open_notices(
            session,
            accident_id=UUID(later["accident_id"]),
            desk="430400.emergency",
            received_at=RECEIVED,
        )

    assert len(await incidents.rows(Notice)) == 2 * len(BODIES)


async def test_the_timeline_tells_of_calls_notices_and_readings(incidents: Stage) -> None:
    told = await opened(incidents)
    [first, *_] = await owed(incidents, COUNTY_DESK)
    [call] = (await incidents.as_(COUNTY_DESK).get("/incidents/relays/calls")).json()
    incidents.now = RECEIVED + HOUR + timedelta(seconds=30)
    await incidents.fire_until(incidents.now)
    await incidents.as_(COUNTY_DESK).post(
        f"/incidents/notices/{first['id']}/tell", json={"receipt": "r"}
    )
    await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{call['id']}/phone")
    await incidents.fire_until(DUE)
    accident = f"/incidents/accidents/{told['accident_id']}"
    await incidents.as_(CITY_DESK).get(accident)
    story = (await incidents.as_(CITY_DESK).get(f"{accident}/timeline")).json()["entries"]
    by_kind = {entry["kind"]: entry for entry in story}

    assert {"call_owed", "call_overdue", "call_made", "read"} <= set(by_kind)
    assert {"notice_owed", "notice_told", "notice_overdue"} <= set(by_kind)
    assert by_kind["call_made"]["late_by_seconds"] == 30
    assert by_kind["call_made"]["zh"] == "耒阳市应急管理局电话快报湖南省应急管理厅"
    assert by_kind["notice_told"]["late_by_seconds"] == 0
    assert by_kind["read"]["unit"] == "430400.emergency"
    own = (await incidents.as_(ENTERPRISE).get(f"{accident}/timeline")).json()["entries"]
    hidden = {"notice_owed", "notice_told", "notice_overdue", "read"}
    assert not hidden & {entry["kind"] for entry in own}
