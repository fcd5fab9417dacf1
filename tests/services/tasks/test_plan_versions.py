"""What is issued is frozen; a later version says what it changed."""

import asyncio

import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from contracts.tasks import PlanIssued
from services.tasks.plans import operations as plans
from services.tasks.plans.tables import Article, Duty, Plan
from tests.services.stage import Stage
from tests.services.tasks.drafting import (
    CLEAN,
    DRAFTS,
    EDITOR,
    LEADER,
    accepted,
    drafted,
    duty,
    issued,
    post,
)

LATER = (
    CLEAN.replace("40公里", "63公里")
    .replace("市应急管理局配合", "市应急管理局、市水利局配合")
    .replace("，用户安检率达到100%", "")
    .replace("二、强化整治", "3.整治校车。校车动态监控在线率100%。(市教育局牵头)\n二、强化整治")
)


async def test_an_issued_draft_is_a_version_of_the_plan_with_its_numbers(tasks: Stage) -> None:
    made = await issued(tasks)

    assert (made["version"], made["articles"], made["duties"]) == (1, 2, 3)
    plan = (await tasks.as_(LEADER).get("/tasks/plans/2024")).json()
    assert (plan["version"], plan["draft_id"]) == (1, made["draft_id"])
    articles = (await tasks.as_(LEADER).get("/tasks/plans/2024/articles")).json()
    assert [row["title_zh"] for row in articles] == ["开好会议", "整治燃气"]
    assert articles[1]["allocations"] == [
        {"part": None, "lead": ["430400.urban_management"], "supporting": ["430400.housing"]}
    ]
    pipes, checks = articles[1]["duties"]
    assert (pipes["code"], pipes["target"], pipes["unit"]) == ("2.1", "40", "公里")
    assert (checks["code"], checks["comparator"], checks["target"]) == ("2.2", ">=", "100")
    assert pipes["lead"] == ["430400.urban_management"]


async def test_issuing_is_told_once(tasks: Stage) -> None:
    await issued(tasks)

    (told,) = await tasks.told(PlanIssued)
    assert (told["plan"], told["version"], told["duties"]) == ("2024", 1, 3)


async def test_a_later_version_says_what_it_added_removed_and_changed(tasks: Stage) -> None:
    await issued(tasks)
    later = await issued(tasks, LATER)
    assert later["version"] == 2

    changes = (await tasks.as_(LEADER).get("/tasks/plans/2024/versions/2/changes")).json()

    assert (changes["since"], changes["version"]) == (1, 2)
    assert [row["text"] for row in changes["added"]] == ["校车动态监控在线率100%"]
    assert [row["text"] for row in changes["removed"]] == ["用户安检率达到100%"]
    differing = {
        row["text"]: {d["field"]: (d["before"], d["after"]) for d in row["differences"]}
        for row in changes["changed"]
    }
    assert differing["12月底前改造燃气管道63公里"]["target"] == ("40", "63")
    assert differing["市安委会每季度至少召开1次全体会议"] == {
        "supporting": (["430400.emergency"], ["430400.emergency", "430400.water"])
    }


async def test_earlier_versions_stay_readable(tasks: Stage) -> None:
    await issued(tasks)
    await issued(tasks, LATER)

    versions = (await tasks.as_(LEADER).get("/tasks/plans/2024/versions")).json()
    first = (await tasks.as_(LEADER).get("/tasks/plans/2024?version=1")).json()
    listed = (await tasks.as_(LEADER).get("/tasks/plans")).json()

    assert [row["version"] for row in versions] == [2, 1]
    assert first["duties"] == 3
    assert [(row["year"], row["version"]) for row in listed] == [(2024, 2)]
    missing = await tasks.as_(LEADER).get("/tasks/plans/2024?version=3")
    assert missing.status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plan SET duties = 0",
        "UPDATE plan_article SET title_zh = ''",
        "UPDATE plan_duty SET target = '1'",
        "DELETE FROM plan_duty",
        "DELETE FROM plan_article",
        "UPDATE plan_goal SET target = '1'",
        "DELETE FROM plan_goal",
    ],
)
async def test_the_service_cannot_change_what_is_issued(tasks: Stage, statement: str) -> None:
    await issued(tasks)

    with pytest.raises(DBAPIError, match="permission denied"):
        async with tasks.work() as session:
            await session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plan_duty SET target = '1'",
        "DELETE FROM plan_duty",
        "UPDATE plan SET title_zh = ''",
        "DELETE FROM plan_goal",
    ],
)
async def test_not_even_the_owner_of_the_database_changes_what_is_issued(
    tasks: Stage, statement: str
) -> None:
    await issued(tasks, CLEAN.replace("\n", "\n坚决遏制一般事故。\n", 1))
    engine = create_async_engine(tasks.copy.urls.owner, poolclass=NullPool)
    with pytest.raises(DBAPIError, match="frozen"):
        async with engine.begin() as connection:
            await connection.execute(text(statement))
    await engine.dispose()


async def test_the_plan_of_the_pack_is_the_first_version(tasks: Stage) -> None:
    async with tasks.work() as session:
        assert await plans.issue(session, year=2023, now=tasks.now)
        assert not await plans.issue(session, year=2023, now=tasks.now)

    (plan,) = await tasks.rows(Plan)
    assert (plan.version, plan.articles, plan.duties) == (1, 35, 168)
    (quota,) = await tasks.rows(Duty, code="3.1")
    assert (quota.cadence, quota.least, quota.lead) == ("quarter", 1, ["430400.committee_office"])
    assert len(await tasks.rows(Article)) == 35


async def test_a_plan_of_the_pack_may_be_followed_by_one_that_was_read(tasks: Stage) -> None:
    async with tasks.work() as session:
        await plans.issue(session, year=2023, now=tasks.now)

    later = await issued(tasks, year=2023)

    assert later["version"] == 2
    changes = (await tasks.as_(LEADER).get("/tasks/plans/2023/versions/2/changes")).json()
    counted = len(changes["removed"]) + len(changes["changed"])
    assert counted <= 168 + 5  # the goals too
    assert len(changes["added"]) + len(changes["changed"]) >= 3


async def test_a_metric_is_taken_from_the_most_like_duty_of_an_earlier_plan(tasks: Stage) -> None:
    draft = await drafted(
        tasks, "全市安全生产工作要点\n1.专项。召开专业委员会会议每季度不少于1次。(市安委办牵头)"
    )

    assert duty(draft, "专业委员会")["metric"] == "special_committee_meeting"


async def test_the_place_in_the_text_stays_beside_an_issued_duty(tasks: Stage) -> None:
    made = await issued(tasks)

    draft = (await tasks.as_(EDITOR).get(f"{DRAFTS}/{made['draft_id']}")).json()
    for row in await tasks.rows(Duty):
        assert draft["text"][row.source_start : row.source_end] == row.text_zh


async def test_two_who_issue_the_same_draft_get_one_version(tasks: Stage) -> None:
    draft = await drafted(tasks)
    await accepted(tasks, draft)

    answers = await asyncio.gather(*(post(tasks, draft["id"], "issue") for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(await tasks.rows(Plan)) == 1
