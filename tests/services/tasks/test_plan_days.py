"""In how many days after its event a duty is due goes from a plan's text into what is issued."""

from datetime import date
from typing import Any

import pytest

from kernel.calendar import closes_at
from services.tasks.plans import operations as plans
from services.tasks.plans.tables import Duty
from tests.services.stage import Stage
from tests.services.tasks.drafting import (
    DRAFTS,
    EDITOR,
    LEADER,
    accepted,
    drafted,
    duty,
    issued,
    post,
    whole,
)

PLAN = """全市安全生产工作要点
1.落实主体责任。对重大隐患实行一单四制。高危企业重大隐患及时报告。(市应急管理局牵头)
2.严肃事故查处。对初步认定瞒报的事故提级调查。(市安委办牵头)
3.强化专项巡查。对发生较大事故或突出问题的单位及时专项巡查。(市安委办牵头)
"""
OF_THE_PACK = {"1.1": 3, "1.2": 3, "2.1": 7, "3.1": 60}


AT_LENGTH = """全市安全生产工作要点
1.落实主体责任。对排查发现的重大事故隐患，一律实行“一单四制”闭环管理。(市应急管理局牵头)
2.严肃事故查处。对经核查初步认定的瞒报事故，由上一级人民政府提级开展调查。(市安委办牵头)
3.强化专项巡查。对发生较大以上事故、安全问题突出的乡镇和单位及时组织专项巡查。(市安委办牵头)
"""


async def after_the_pack(tasks: Stage, text: str = PLAN) -> dict[str, Any]:
    """The draft of a plan that is to follow the one of the pack."""
    async with tasks.work() as session:
        await plans.issue(session, year=2023, now=tasks.now)
    return await drafted(tasks, text, year=2023)


async def set_off(tasks: Stage) -> dict[str, Any]:
    """In how many days each duty of the newest version is due, by its number."""
    rows = (await tasks.as_(LEADER).get("/tasks/plans/2023/triggers")).json()
    return {row["code"]: row["within_days"] for row in rows}


async def differing(tasks: Stage, version: int) -> dict[str, Any]:
    """What a version changed of the days, by number."""
    path = f"/tasks/plans/2023/versions/{version}/changes"
    found = (await tasks.as_(LEADER).get(path)).json()["changed"]
    return {
        row["code"]: (said["before"], said["after"])
        for row in found
        for said in row["differences"]
        if said["field"] == "within_days"
    }


async def test_an_imported_plan_keeps_the_days_that_like_duties_of_the_pack_have(
    tasks: Stage,
) -> None:
    draft = await after_the_pack(tasks)
    await accepted(tasks, draft)
    await post(tasks, draft["id"], "issue")

    assert await set_off(tasks) == OF_THE_PACK
    assert await differing(tasks, 2) == {}
    (hazard,) = await tasks.rows(Duty, version=2, code="1.1")
    assert hazard.asks.due_after(date(2023, 6, 5)) == closes_at(date(2023, 6, 8))


async def test_what_a_plan_says_at_length_keeps_the_event_and_the_days_of_what_it_is_like(
    tasks: Stage,
) -> None:
    draft = await after_the_pack(tasks, AT_LENGTH)
    await accepted(tasks, draft)
    await post(tasks, draft["id"], "issue")

    assert await set_off(tasks) == {"1.1": 3, "2.1": 7, "3.1": 60}


async def test_the_days_that_a_plan_names_go_before_those_of_a_like_duty(tasks: Stage) -> None:
    draft = await after_the_pack(tasks, PLAN.replace("瞒报的事故提级", "瞒报的事故5日内提级"))

    assert duty(draft, "提级调查")["within_days"] == 5
    assert duty(draft, "专项巡查")["within_days"] == 60


async def test_a_person_corrects_the_days_and_the_next_version_says_so(tasks: Stage) -> None:
    draft = await after_the_pack(tasks)
    chosen = duty(draft, "一单四制")
    path = f"{DRAFTS}/{draft['id']}/duties/{chosen['id']}"
    changed = await tasks.as_(EDITOR).patch(path, json={"revision": 1, "within_days": 10})
    await accepted(tasks, draft)
    await post(tasks, draft["id"], "issue")

    assert changed.json()["within_days"] == 10, changed.text
    assert await set_off(tasks) == {**OF_THE_PACK, "1.1": 10}
    assert (await differing(tasks, 2))["1.1"] == (3, 10)
    (noted, *_) = (await tasks.as_(EDITOR).get(f"{DRAFTS}/{draft['id']}/history")).json()
    assert (noted["before"]["within_days"], noted["after"]["within_days"]) == (3, 10)


async def test_the_parts_of_a_duty_take_over_its_days(tasks: Stage) -> None:
    draft = await after_the_pack(tasks)
    tour = duty(draft, "专项巡查")
    parts = [{"text": "对乡镇专项巡查"}, {"text": "对单位专项巡查", "within_days": 30}]

    split = await post(tasks, draft["id"], f"duties/{tour['id']}/split", revision=1, parts=parts)

    assert [row["within_days"] for row in split.json()] == [60, 30]


@pytest.mark.parametrize("days", [0, -1, 367, "soon"])
async def test_days_that_are_no_period_after_an_event_are_refused(
    tasks: Stage, days: object
) -> None:
    draft = await after_the_pack(tasks)
    path = f"{DRAFTS}/{draft['id']}/duties/{duty(draft, '一单四制')['id']}"

    refused = await tasks.as_(EDITOR).patch(path, json={"revision": 1, "within_days": days})

    assert refused.status_code == 422, refused.text
    assert duty(await whole(tasks, draft["id"]), "一单四制")["within_days"] == 3


async def test_a_later_plan_without_days_says_that_they_are_gone(tasks: Stage) -> None:
    named = PLAN.replace("瞒报的事故提级", "瞒报的事故9日内提级")
    await issued(tasks, named, year=2023)

    draft = await drafted(tasks, named + "\n", year=2023)
    path = f"{DRAFTS}/{draft['id']}/duties/{duty(draft, '提级调查')['id']}"
    await tasks.as_(EDITOR).patch(path, json={"revision": 1, "within_days": None})
    await accepted(tasks, draft)
    await post(tasks, draft["id"], "issue")

    assert await differing(tasks, 2) == {"2.1": (9, None)}
