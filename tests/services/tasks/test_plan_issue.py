"""A draft is issued once nothing in it is in doubt and somebody answers for each duty."""

import pytest

from devstack.layout import REPOSITORY
from tests.services.stage import Stage
from tests.services.tasks.drafting import (
    CLEAN,
    DOUBTFUL,
    DRAFTS,
    EDITOR,
    LEADER,
    accepted,
    drafted,
    flag,
    post,
    settled,
    whole,
)

PLAN = REPOSITORY.resolve().parent / "shared" / "seed" / "hengyang-2023.txt"


async def test_issuing_is_refused_while_a_flag_is_open_or_a_duty_undecided(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    refused = await post(tasks, draft["id"], "issue")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/flags-open")
    assert refused.json()["open"] == 4

    await settled(tasks, draft["id"])
    refused = await post(tasks, draft["id"], "issue")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/duties-undecided")

    await accepted(tasks, draft)
    issued = await post(tasks, draft["id"], "issue")
    assert issued.status_code == 201, issued.text
    assert (await whole(tasks, draft["id"]))["status"] == "issued"


async def test_a_plan_is_issued_under_the_title_that_a_person_gives_it(tasks: Stage) -> None:
    draft = await drafted(tasks)
    title = {"title": "2024年全市安全生产工作要点"}
    changed = await tasks.as_(EDITOR).patch(f"{DRAFTS}/{draft['id']}", json=title)
    await accepted(tasks, draft)
    await post(tasks, draft["id"], "issue")

    assert changed.status_code == 200, changed.text
    plan = (await tasks.as_(LEADER).get("/tasks/plans/2024")).json()
    assert plan["title_zh"] == title["title"]
    (row, *_) = (await tasks.as_(EDITOR).get(f"{DRAFTS}/{draft['id']}/history")).json()
    assert (row["before"], row["after"]) == ({"title": "全市安全生产工作要点"}, title)


async def test_the_whole_seed_can_be_imported_corrected_and_issued(tasks: Stage) -> None:
    if not PLAN.exists():
        pytest.skip("needs the published plan beside the tree")
    draft = await drafted(tasks, PLAN.read_text("utf-8"), year=2023)
    injected = [row["id"] for row in draft["flags"] if row["kind"] == "injected"]
    printed = [row["id"] for row in draft["flags"] if row["kind"] == "misprint"]
    assert len(injected) == 10
    assert len(injected) + len(printed) == len(draft["flags"])

    await post(tasks, draft["id"], "settlement", flags=injected, resolution="removed")
    await post(tasks, draft["id"], "settlement", flags=printed, resolution="kept")
    await accepted(tasks, draft)
    issued = await post(tasks, draft["id"], "issue")

    assert issued.status_code == 201, issued.text
    assert (issued.json()["articles"], issued.json()["version"]) == (35, 1)
    excerpt = draft["text"][draft["flags"][0]["start"] : draft["flags"][0]["end"]]
    duties = (await tasks.as_(LEADER).get("/tasks/plans/2023/articles")).json()
    assert len(excerpt) > 4
    assert excerpt not in str(duties)


async def test_nothing_of_a_draft_that_is_issued_or_given_up_changes(tasks: Stage) -> None:
    draft = await drafted(tasks)
    await accepted(tasks, draft)
    await post(tasks, draft["id"], "issue")
    other = await drafted(tasks, CLEAN + "\n")
    await post(tasks, other["id"], "discard", reason="重复导入")

    for closed in (draft, other):
        path = f"{DRAFTS}/{closed['id']}/duties/{closed['duties'][0]['id']}"
        assert (await tasks.as_(EDITOR).patch(path, json={"revision": 2})).status_code == 409
        assert (await post(tasks, closed["id"], "issue")).status_code == 409
        assert (await post(tasks, closed["id"], "discard")).status_code == 409


async def test_a_draft_without_a_duty_is_not_issued(tasks: Stage) -> None:
    draft = await drafted(tasks)
    for row in draft["duties"]:
        await post(tasks, draft["id"], f"duties/{row['id']}/drop")

    refused = await post(tasks, draft["id"], "issue")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/nothing-to-issue")


async def test_duties_that_nobody_answers_for_are_not_issued(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL.splitlines()[0] + "\n" + DOUBTFUL.splitlines()[-1])
    doubt = flag(draft, "no_unit")
    how = {"resolution": "dismissed", "note": "按惯例"}
    await post(tasks, draft["id"], "settlement", flags=[doubt["id"]], **how)
    await accepted(tasks, draft)

    refused = await post(tasks, draft["id"], "issue")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/nobody-answers")
