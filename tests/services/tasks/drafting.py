"""A short plan of the city that the platform serves, and what its people do with the draft."""

from typing import Any

import httpx

from contracts.gateway import Role
from kernel.access import Principal
from tests.services.stage import Stage
from tests.services.tasks.story import CITY, CITY_OFFICE, person

DRAFTS = "/tasks/plan-drafts"
EDITOR = CITY_OFFICE
LEADER = person(Role.LEADER, f"{CITY}.government")
CLEAN = """全市安全生产工作要点
一、强化责任
1.开好会议。市安委会每季度至少召开1次全体会议。(市安委办牵头，市应急管理局配合)
二、强化整治
2.整治燃气。12月底前改造燃气管道40公里，用户安检率达到100%。(市城管执法局牵头，市住建局配合)
"""
DOUBTFUL = """全市安全生产工作要点
1.开好会议。市安委会每季度至少召开1次全体会议。(市安委办牵头，市河湖事务局配合)
2.整治燃气。12月底前改造燃气管道40公里，用户安检率达到百家乐投注100%。(市城管执法局牵头)
3.整治校车。校车超员大辐减少。(市教育局牵头，市交通运输局配合)
4.值班值守。各单位要严格落实领导带班制度。
"""


async def drafted(
    tasks: Stage, text: str = CLEAN, *, year: int = 2024, by: Principal = EDITOR
) -> dict[str, Any]:
    """A draft of a text, whole."""
    made = await tasks.as_(by).post(DRAFTS, json={"year": year, "text": text})
    assert made.status_code in (200, 201), made.text
    return await whole(tasks, made.json()["id"])


async def whole(tasks: Stage, draft_id: str, *, by: Principal = EDITOR) -> dict[str, Any]:
    """A draft with its duties and flags."""
    read = await tasks.as_(by).get(f"{DRAFTS}/{draft_id}")
    assert read.status_code == 200, read.text
    found: dict[str, Any] = read.json()
    return found


async def post(
    tasks: Stage, draft_id: str, path: str, *, by: Principal = EDITOR, **body: Any
) -> httpx.Response:
    """Do something with a draft."""
    return await tasks.as_(by).post(f"{DRAFTS}/{draft_id}/{path}", json=body)


async def accepted(tasks: Stage, draft: dict[str, Any]) -> None:
    """Accept whatever is undecided, article by article."""
    numbers = [0, *(article["number"] for article in draft["articles"])]
    done = await post(tasks, draft["id"], "acceptance", articles=numbers)
    assert done.status_code == 200, done.text


async def issued(tasks: Stage, text: str = CLEAN, *, year: int = 2024) -> dict[str, Any]:
    """A draft that was accepted whole and issued."""
    draft = await drafted(tasks, text, year=year)
    await accepted(tasks, draft)
    done = await tasks.as_(EDITOR).post(f"{DRAFTS}/{draft['id']}/issue")
    assert done.status_code == 201, done.text
    found: dict[str, Any] = done.json()
    return found


def flag(draft: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one flag of a kind."""
    (found,) = (row for row in draft["flags"] if row["kind"] == kind)
    return found


def duty(draft: dict[str, Any], words: str) -> dict[str, Any]:
    """The one duty with these words that still stands."""
    (found,) = (
        row
        for row in draft["duties"]
        if words in row["text"] and row["status"] not in ("split", "dropped")
    )
    return found


async def settled(tasks: Stage, draft_id: str) -> None:
    """Settle the four doubts of the doubtful plan."""
    draft = await whole(tasks, draft_id)
    for kind, how in {
        "injected": {"resolution": "removed"},
        "misprint": {"resolution": "corrected", "correction": "大幅"},
        "unknown_unit": {"resolution": "assigned", "units": ["430400.water"]},
        "no_unit": {"resolution": "assigned", "units": ["430400.committee_office"]},
    }.items():
        done = await post(tasks, draft_id, "settlement", flags=[flag(draft, kind)["id"]], **how)
        assert done.status_code == 200, done.text
