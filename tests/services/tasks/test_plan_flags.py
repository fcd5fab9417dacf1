"""A doubt about a place of the text is settled by a person, and what it touches follows."""

import pytest

from tests.services.stage import Stage
from tests.services.tasks.drafting import (
    CLEAN,
    DOUBTFUL,
    DRAFTS,
    EDITOR,
    accepted,
    drafted,
    duty,
    flag,
    post,
    settled,
    whole,
)


async def test_doubts_are_flagged_with_place_and_reason_and_stand_in_no_duty(
    tasks: Stage,
) -> None:
    draft = await drafted(tasks, DOUBTFUL)

    assert {row["kind"] for row in draft["flags"]} == {
        "unknown_unit",
        "injected",
        "misprint",
        "no_unit",
    }
    for row in draft["flags"]:
        assert draft["text"][row["start"] : row["end"]].startswith(row["excerpt"][:10])
        assert row["reason_zh"]
        assert row["reason_en"]
    assert not any("百家乐" in row["text"] for row in draft["duties"])


async def test_settling_a_flag_brings_words_and_units_in_line(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    assert duty(draft, "全体会议")["supporting"] == []
    assert duty(draft, "领导带班")["lead"] == []

    await settled(tasks, draft["id"])

    draft = await whole(tasks, draft["id"])
    assert duty(draft, "校车")["text"] == "校车超员大幅减少"
    assert duty(draft, "全体会议")["supporting"] == ["430400.water"]
    assert duty(draft, "领导带班")["lead"] == ["430400.committee_office"]


async def test_words_that_belong_to_the_plan_come_back_and_go_again(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    doubt = flag(draft, "injected")

    await post(tasks, draft["id"], "settlement", flags=[doubt["id"]], resolution="kept")
    kept = await whole(tasks, draft["id"])
    assert doubt["excerpt"] in duty(kept, "安检率")["text"]

    await post(tasks, draft["id"], f"flags/{doubt['id']}/reopen", reason="看错了")
    again = await whole(tasks, draft["id"])
    assert doubt["excerpt"] not in duty(again, "安检率")["text"]
    assert flag(again, "injected")["status"] == "open"


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("injected", {"resolution": "assigned", "units": ["430400.water"]}),
        ("unknown_unit", {"resolution": "removed"}),
        ("unknown_unit", {"resolution": "assigned"}),
        ("unknown_unit", {"resolution": "assigned", "units": ["430400.no_such_bureau"]}),
        ("unknown_unit", {"resolution": "dismissed"}),
        ("misprint", {"resolution": "corrected"}),
    ],
)
async def test_a_flag_is_settled_only_as_its_kind_can_be(
    tasks: Stage, kind: str, how: dict[str, object]
) -> None:
    draft = await drafted(tasks, DOUBTFUL)

    refused = await post(tasks, draft["id"], "settlement", flags=[flag(draft, kind)["id"]], **how)

    assert refused.status_code == 422, refused.text
    assert flag(await whole(tasks, draft["id"]), kind)["status"] == "open"


async def test_settling_a_flag_leaves_alone_what_a_person_wrote_and_named(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    for words, change in (
        ("校车", {"text": "校车超员比上年减少"}),
        ("全体会议", {"supporting": ["430400.finance"]}),
    ):
        path = f"{DRAFTS}/{draft['id']}/duties/{duty(draft, words)['id']}"
        done = await tasks.as_(EDITOR).patch(path, json={"revision": 1, **change})
        assert done.status_code == 200, done.text

    await settled(tasks, draft["id"])

    draft = await whole(tasks, draft["id"])
    assert duty(draft, "校车")["text"] == "校车超员比上年减少"
    assert duty(draft, "全体会议")["supporting"] == ["430400.finance"]


async def test_a_plan_under_a_year_that_its_title_does_not_name_is_issued_only_with_a_reason(
    tasks: Stage,
) -> None:
    draft = await drafted(tasks, f"2023年{CLEAN}", year=2024)
    doubt = flag(draft, "year_mismatch")
    assert doubt["excerpt"] == draft["text"][doubt["start"] : doubt["end"]] == draft["title"]
    await accepted(tasks, draft)
    refused = await post(tasks, draft["id"], "issue")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/flags-open")

    how = {"flags": [doubt["id"]], "resolution": "dismissed"}
    assert (await post(tasks, draft["id"], "settlement", **how)).status_code == 422
    done = await post(tasks, draft["id"], "settlement", **how, note="标题有误，以公文为准")

    assert done.status_code == 200, done.text
    assert (await post(tasks, draft["id"], "issue")).status_code == 201


@pytest.mark.parametrize("title", ["2024年", "2023-2025年", ""])
async def test_a_title_that_names_the_year_or_none_is_in_no_doubt(tasks: Stage, title: str) -> None:
    assert (await drafted(tasks, title + CLEAN, year=2024))["flags"] == []
