"""A plan means the units that are on record: whom an office records owes and may be named."""

from datetime import date, timedelta
from typing import Any

from contracts.tasks import PlanIssued
from kernel import calendar
from services.tasks.committees import operations as committees
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import operations as recording
from services.tasks.organisations.domain import NewUnit, UnitFacts
from tests.services.stage import Stage
from tests.services.tasks.city import post as organise
from tests.services.tasks.drafting import DRAFTS, EDITOR, drafted, duty, flag, issued
from tests.services.tasks.opened import MEETING, NEW_YEAR, issue, owed
from tests.services.tasks.story import CITY, COUNTY, reported

NEWCOMER = "430400.low_altitude_committee"
SPRING = date(2023, 4, 1)
MEMBERS = """全市安全生产工作要点
一、强化责任
1.开好会议。市安委会各成员单位每季度至少召开1次专题会议。(市安委办牵头，各成员单位配合)
"""
NAMED = """全市安全生产工作要点
一、强化责任
1.开好会议。每季度至少召开1次专题会议。(衡阳市低空安全专业委员会牵头，市商务局配合)
"""


async def record(tasks: Stage, on: date, **facts: str) -> None:
    given = {
        "code": NEWCOMER,
        "name_zh": "衡阳市低空安全专业委员会",
        "name_en": "Low-altitude Safety Committee",
        "region_code": CITY,
        "level": "city",
        "kind": "special_committee",
    } | facts
    unit = NewUnit(facts=UnitFacts(**given))
    async with tasks.work() as session:
        await recording.record_units(session, units=[unit], on=on, now=tasks.now)


async def test_a_recorded_unit_owes_what_begins_once_it_is_there(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    tasks.now = NEW_YEAR - timedelta(days=10)
    await record(tasks, SPRING)

    await tasks.fire_until(NEW_YEAR)
    await tasks.fire_until(calendar.opens_at(SPRING))

    begun = [day for subject, day in await owed(tasks, MEETING) if subject == NEWCOMER]
    assert begun == [SPRING]


async def seated(tasks: Stage) -> None:
    async with tasks.work() as session:
        await committees.record_of_pack(session, on=date(2022, 1, 1))


async def test_the_member_units_are_those_who_sit_on_the_committee(tasks: Stage) -> None:
    await issue(tasks, only={"3.1"})
    await seated(tasks)
    tasks.now = NEW_YEAR
    await record(tasks, date(2023, 1, 1))
    committee = f"committees/{CITY}.safety_committee/members"
    joined = await organise(tasks, committee, {"unit": NEWCOMER, "effective_from": "2023-12-31"})
    assert joined.status_code == 201, joined.text
    left = await organise(tasks, f"{committee}/430400.commerce/leaving", {"last_day": "2023-12-31"})
    assert left.status_code == 200, left.text
    tasks.now = calendar.opens_at(date(2023, 12, 1))
    plan = await issued(tasks, MEMBERS)
    await tasks.hear(
        PlanIssued(
            occurred_at=tasks.now,
            plan="2024",
            year=2024,
            version=plan["version"],
            region_code=CITY,
            articles=plan["articles"],
            duties=plan["duties"],
        )
    )

    await tasks.fire_until(calendar.opens_at(date(2024, 1, 1)))

    owing = {row.subject for row in await tasks.rows(Obligation, duty="2024/1.1")}
    assert NEWCOMER in owing
    assert "430400.commerce" not in owing
    assert {"430400.emergency", "430400.transport"} <= owing


async def test_a_document_may_name_a_recorded_unit_by_its_name_of_any_day(tasks: Stage) -> None:
    unknown = await drafted(tasks, NAMED)
    assert flag(unknown, "unknown_unit")["excerpt"] == "衡阳市低空安全专业委员会"

    await record(tasks, date(2022, 1, 1))
    await record(
        tasks,
        date(2022, 6, 1),
        code="430400.commerce",
        name_zh="衡阳市商务和口岸局",
        kind="department",
    )
    known = await drafted(tasks, NAMED.replace("专题会议", "会议"))
    assert known["flags"] == []
    (meeting,) = known["duties"]
    assert meeting["lead"] == [NEWCOMER]
    assert meeting["supporting"] == ["430400.commerce"]

    await record(tasks, date(2022, 9, 1), name_zh="衡阳市低空经济安全委员会")
    before = await drafted(tasks, NAMED.replace("至少", "不少于"))
    after = await drafted(tasks, NAMED.replace("低空安全专业", "低空经济安全"))
    assert before["duties"][0]["lead"] == after["duties"][0]["lead"] == [NEWCOMER]


async def corrected(tasks: Stage, draft: dict[str, Any], code: str) -> int:
    row = duty(draft, "会议")
    path = f"{DRAFTS}/{draft['id']}/duties/{row['id']}"
    body = {"revision": row["revision"], "lead": [code]}
    answer = await tasks.as_(EDITOR).patch(path, json=body)
    return answer.status_code


async def test_a_person_may_name_a_recorded_unit_and_no_other(tasks: Stage) -> None:
    draft = await drafted(tasks, MEMBERS)
    assert await corrected(tasks, draft, NEWCOMER) == 422

    await record(tasks, date(2022, 1, 1))

    assert await corrected(tasks, draft, NEWCOMER) == 200


async def test_an_accident_asks_a_recorded_body_of_its_place_and_of_no_other(tasks: Stage) -> None:
    for place in (COUNTY, "430426"):
        await record(
            tasks,
            date(2022, 1, 1),
            code=f"{place}.zone_committee",
            name_zh="某开发区党工委",
            region_code=place,
            level="county",
            kind="party_committee",
        )

    await tasks.hear(reported())

    asked = {row.subject for row in await tasks.rows(Obligation, duty="2023/9.2")}
    assert f"{COUNTY}.zone_committee" in asked
    assert "430426.zone_committee" not in asked
