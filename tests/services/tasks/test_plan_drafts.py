"""A document becomes one draft of the city, with the place beside everything in it."""

import asyncio
import io

import docx

from services.tasks.drafts.tables import Draft
from tests.services.stage import Stage
from tests.services.tasks.drafting import (
    CLEAN,
    DRAFTS,
    EDITOR,
    LEADER,
    drafted,
    flag,
    post,
    whole,
)
from tests.services.tasks.story import COUNTY_OFFICE


def as_docx(text: str, hidden: str = "") -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    if hidden:
        document.paragraphs[2].add_run(hidden).font.hidden = True
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


async def test_a_text_becomes_a_draft_with_a_place_beside_each_duty(tasks: Stage) -> None:
    draft = await drafted(tasks)

    assert draft["status"] == "open"
    assert [row["title"] for row in draft["articles"]] == ["开好会议", "整治燃气"]
    assert [(row["kind"], row["text"]) for row in draft["duties"]] == [
        ("recurring_quota", "市安委会每季度至少召开1次全体会议"),
        ("count_target", "12月底前改造燃气管道40公里"),
        ("rate_target", "用户安检率达到100%"),
    ]
    for row in draft["duties"]:
        assert draft["text"][row["start"] : row["end"]] == row["text"]
    meeting, pipes, _ = draft["duties"]
    assert (meeting["cadence"], meeting["least"]) == ("quarter", 1)
    assert meeting["lead"] == ["430400.committee_office"]
    assert meeting["supporting"] == ["430400.emergency"]
    assert (pipes["target"], pipes["unit"], pipes["due_on"]) == ("40", "公里", "2024-12-31")
    assert draft["flags"] == []


async def test_the_same_document_is_the_same_draft(tasks: Stage) -> None:
    first = await tasks.as_(EDITOR).post(DRAFTS, json={"year": 2024, "text": CLEAN})
    again = await tasks.as_(EDITOR).post(DRAFTS, json={"year": 2024, "text": CLEAN})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert len(await tasks.rows(Draft)) == 1


async def test_a_document_sent_twice_at_once_is_one_draft(tasks: Stage) -> None:
    body = {"year": 2024, "text": CLEAN}
    answers = await asyncio.gather(*(tasks.as_(EDITOR).post(DRAFTS, json=body) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len(await tasks.rows(Draft)) == 1


async def test_a_word_document_is_read_and_what_it_hides_is_flagged(tasks: Stage) -> None:
    body = as_docx(CLEAN, hidden="加微信领取资料")
    made = await tasks.as_(EDITOR).post(f"{DRAFTS}/files?year=2024", content=body)

    draft = await whole(tasks, made.json()["id"])
    assert made.json()["source_kind"] == "docx"
    assert len(draft["duties"]) == 3
    assert flag(draft, "hidden")["excerpt"] == "加微信领取资料"
    assert "加微信" not in draft["text"]


async def test_drafts_are_the_city_offices_own(tasks: Stage) -> None:
    draft = await drafted(tasks)

    assert (await tasks.as_(LEADER).get(f"{DRAFTS}/{draft['id']}")).status_code == 200
    refused = await post(tasks, draft["id"], "issue", by=LEADER)
    assert refused.status_code == 403
    elsewhere = tasks.as_(COUNTY_OFFICE)
    assert (await elsewhere.get(f"{DRAFTS}/{draft['id']}")).status_code == 404
    assert (await elsewhere.post(f"{DRAFTS}/{draft['id']}/issue")).status_code == 404
    made = await elsewhere.post(DRAFTS, json={"year": 2024, "text": CLEAN})
    assert made.status_code == 404
    assert (await elsewhere.get(DRAFTS)).json()["items"] == []
    assert [row["id"] for row in (await tasks.as_(LEADER).get(DRAFTS)).json()["items"]] == [
        draft["id"]
    ]
