"""What the plan asks of nobody by name is measured for the city as a whole."""

from typing import Any

import httpx
import pytest

from kernel.ids import uuid7
from reference.terms import Grade
from services.tasks.plans.tables import Goal, Plan
from tests.services.stage import NOON, Stage
from tests.services.tasks import drafting
from tests.services.tasks.drafting import CLEAN, EDITOR
from tests.services.tasks.measured import planned
from tests.services.tasks.story import CITY_OFFICE, COUNTY_OFFICE, MINE, officer, reported


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


OPENING = """全市安全生产工作要点
坚决杜绝较大及以上生产安全事故、坚决遏制一般生产安全事故，确保全市安全生产形势稳定向好。
"""
FIRST = CLEAN.replace("全市安全生产工作要点\n", OPENING)
LATER = FIRST.replace("坚决遏制一般", "力争事故起数下降10%、坚决遏制一般").replace(
    "稳定", "持续稳定"
)
BEFORE = [
    "坚决杜绝较大及以上生产安全事故",
    "坚决遏制一般生产安全事故",
    "确保全市安全生产形势稳定向好",
]


async def goals(tasks: Stage, year: int = 2023, **query: Any) -> dict[str, Any]:
    answer = await tasks.as_(CITY_OFFICE).get(f"/tasks/plans/{year}/goals", params=query)
    assert answer.status_code == 200, answer.text
    return {goal["duty"].partition("/")[2]: goal for goal in answer.json()}


async def test_the_goals_of_a_plan_have_the_city_s_own_figures(city: Stage) -> None:
    before = await goals(city)
    assert set(before) == {"0.1", "0.2", "0.3", "0.4", "0.5"}
    assert (before["0.1"]["count"], before["0.1"]["verdict"]) == (0, "met")

    await city.hear(reported(), reported(accident_id=uuid7(), grade=Grade.GENERAL))

    found = await goals(city)
    assert (found["0.1"]["count"], found["0.1"]["verdict"]) == (1, "not_met")
    assert (found["0.2"]["count"], found["0.2"]["reason"]["code"]) == (1, "no_target")
    as_then = await goals(city, on="2023-03-09")
    assert (as_then["0.1"]["count"], as_then["0.2"]["count"]) == (0, 0)


async def test_a_goal_that_nothing_counts_has_no_figure_and_is_not_zero(city: Stage) -> None:
    found = await goals(city)

    for code in ("0.3", "0.4", "0.5"):
        shown = found[code]
        assert (shown["count"], shown["value"], shown["verdict"]) == (None, None, "not_measurable")
        assert shown["reason"]["zh"]


async def test_the_city_s_figures_are_for_those_who_see_the_whole_of_it(city: Stage) -> None:
    for by in (COUNTY_OFFICE, officer(MINE)):
        answer = await city.as_(by).get("/tasks/plans/2023/goals")
        assert answer.status_code in (403, 404), answer.text


def words(found: dict[str, Any]) -> list[str]:
    return [goal["text_zh"] for goal in found.values()]


async def test_each_version_of_a_plan_has_the_goals_that_it_was_issued_with(tasks: Stage) -> None:
    made = await drafting.issued(tasks, FIRST)
    assert (made["duties"], made["goals"]) == (3, 3)

    found = await goals(tasks, 2024)
    assert words(found) == BEFORE
    assert (found["0.1"]["metric"], found["0.1"]["verdict"]) == ("accident_count_ge_larger", "met")
    assert (found["0.1"]["comparator"], found["0.1"]["target"]) == ("<=", "0")
    assert found["0.3"]["verdict"] == "not_measurable"

    await drafting.issued(tasks, LATER)

    assert words(await goals(tasks, 2024)) == [
        BEFORE[0],
        "力争事故起数下降10%",
        BEFORE[1],
        "确保全市安全生产形势持续稳定向好",
    ]
    assert words(await goals(tasks, 2024, version=1)) == BEFORE


async def test_what_a_version_changed_is_said_of_its_goals_too(tasks: Stage) -> None:
    await drafting.issued(tasks, FIRST)
    await drafting.issued(tasks, LATER)

    client = tasks.as_(EDITOR)
    versions = (await client.get("/tasks/plans/2024/versions")).json()
    changes = (await client.get("/tasks/plans/2024/versions/2/changes")).json()
    missing = await tasks.as_(CITY_OFFICE).get("/tasks/plans/2024/goals?version=3")

    assert [row["goals"] for row in versions] == [4, 3]
    assert [row["text"] for row in changes["added"]] == ["力争事故起数下降10%"]
    assert changes["removed"] == []
    assert {row["code"] for row in changes["changed"]} == {"0.3", "0.4"}
    assert missing.status_code == 404


async def test_a_plan_that_names_none_has_none_whatever_the_pack_says(tasks: Stage) -> None:
    await drafting.issued(tasks, CLEAN, year=2023)

    assert await goals(tasks) == {}


async def test_a_version_issued_before_goals_were_kept_has_those_of_the_pack(tasks: Stage) -> None:
    async with tasks.work() as session:
        session.add(Plan(year=2023, version=1, issued_at=NOON, articles=0, duties=0))

    assert set(await goals(tasks)) == {"0.1", "0.2", "0.3", "0.4", "0.5"}
    assert await tasks.rows(Goal) == []


async def test_goals_of_the_pack_are_kept_with_the_version(city: Stage) -> None:
    rows = sorted(await city.rows(Goal), key=lambda row: row.position)

    assert [(row.version, row.code) for row in rows] == [(1, f"0.{n}") for n in range(1, 6)]


async def test_goals_are_accepted_dropped_and_added_as_duties_are(tasks: Stage) -> None:
    draft = await drafting.drafted(tasks, FIRST)
    first, second = (drafting.duty(draft, row) for row in BEFORE[:2])
    assert [row["article"] for row in draft["duties"]] == [0, 0, 0, 1, 2, 2]
    assert (first["lead"], first["subjects"]) == ([], [])
    more = {"article": 0, "text": "死亡人数下降5%", "kind": "reduction_target"}
    added = await drafting.post(
        tasks, draft["id"], "duties", comparator=">=", target="5", metric="death_count", **more
    )
    assert added.status_code == 201, added.text
    await drafting.post(tasks, draft["id"], f"duties/{second['id']}/drop")

    await drafting.accepted(tasks, draft)
    done = await tasks.as_(EDITOR).post(f"/tasks/plan-drafts/{draft['id']}/issue")

    assert done.status_code == 201, done.text
    found = await goals(tasks, 2024)
    assert list(found) == ["0.1", "0.2", "0.3"]
    assert sorted(words(found)) == sorted([BEFORE[0], BEFORE[2], "死亡人数下降5%"])


async def changed(tasks: Stage, **asked: Any) -> httpx.Response:
    draft = await drafting.drafted(tasks, FIRST)
    goal = drafting.duty(draft, BEFORE[0])
    path = f"/tasks/plan-drafts/{draft['id']}/duties/{goal['id']}"
    return await tasks.as_(EDITOR).patch(path, json={"revision": goal["revision"], **asked})


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"lead": ["430400.housing"]}, "/lead"),
        ({"subjects": ["city:member_unit"]}, "/subjects"),
        ({"kind": "recurring_quota", "cadence": "month", "least": 1}, "/kind"),
        ({"kind": "event_triggered"}, "/kind"),
    ],
)
async def test_a_goal_asks_nobody_by_name(
    tasks: Stage, asked: dict[str, Any], pointer: str
) -> None:
    answer = await changed(tasks, **asked)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_duty_is_added_with_whoever_leads_it(tasks: Stage) -> None:
    draft = await drafting.drafted(tasks, FIRST)

    answer = await drafting.post(
        tasks, draft["id"], "duties", article=1, text="开好例会", kind="continuous"
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/lead")


async def test_goals_alone_are_no_plan(tasks: Stage) -> None:
    draft = await drafting.drafted(tasks, FIRST)
    await drafting.accepted(tasks, draft)
    for row in draft["duties"]:
        if row["article"]:
            await drafting.post(tasks, draft["id"], f"duties/{row['id']}/drop")

    answer = await tasks.as_(EDITOR).post(f"/tasks/plan-drafts/{draft['id']}/issue")

    assert answer.json()["type"] == "/problems/nothing-to-issue"


async def test_what_is_put_into_a_goal_is_flagged_and_taken_out(tasks: Stage) -> None:
    draft = await drafting.drafted(tasks, FIRST.replace("坚决遏制", "坚决遏制百家乐投注"))

    assert drafting.flag(draft, "injected")["excerpt"] in draft["text"]
    assert "百家乐" not in "".join(row["text"] for row in draft["duties"])
