"""What the importer proposes of duties is corrected by people, and every correction is kept."""

import pytest

from services.tasks.drafts.tables import DraftChange, DraftDuty
from tests.services.stage import Stage
from tests.services.tasks.drafting import (
    DOUBTFUL,
    DRAFTS,
    EDITOR,
    accepted,
    drafted,
    duty,
    post,
    settled,
    whole,
)


async def test_a_person_changes_a_duty_and_the_history_says_what_was_before(tasks: Stage) -> None:
    draft = await drafted(tasks)
    chosen = duty(draft, "安检率")
    path = f"{DRAFTS}/{draft['id']}/duties/{chosen['id']}"
    body = {"revision": 1, "target": "98", "text": "入户安检率不低于98%", "reason": "与公文不符"}

    changed = await tasks.as_(EDITOR).patch(path, json=body)

    assert changed.status_code == 200, changed.text
    assert (changed.json()["status"], changed.json()["target"]) == ("changed", "98")
    history = (await tasks.as_(EDITOR).get(f"{DRAFTS}/{draft['id']}/history")).json()
    assert [(row["action"], row["reason"]) for row in history] == [("change", "与公文不符")]
    assert history[0]["before"] == {
        "status": "proposed",
        "target": "100",
        "text": "用户安检率达到100%",
    }
    assert history[0]["after"]["target"] == "98"


async def test_a_change_of_what_somebody_else_has_changed_is_refused(tasks: Stage) -> None:
    draft = await drafted(tasks)
    path = f"{DRAFTS}/{draft['id']}/duties/{duty(draft, '安检率')['id']}"
    await tasks.as_(EDITOR).patch(path, json={"revision": 1, "target": "98"})

    late = await tasks.as_(EDITOR).patch(path, json={"revision": 1, "target": "97"})

    assert (late.status_code, late.json()["revision"]) == (412, 2)
    assert duty(await whole(tasks, draft["id"]), "安检率")["target"] == "98"


@pytest.mark.parametrize(
    "change",
    [
        {"lead": ["430400.no_such_bureau"]},
        {"subjects": ["city:nobody"]},
        {"trigger": "no_such_event"},
        {"kind": "recurring_quota"},
        {"comparator": ">=", "target": "A"},
        {"target": "C,D"},
        {"target": "NAN"},
        {"target": "1,5"},
        {"text": None},
        {"kind": None},
        {"lead": None},
        {"subjects": None},
        {"colour": "red"},
    ],
)
async def test_a_change_that_means_nobody_or_nothing_is_refused(
    tasks: Stage, change: dict[str, object]
) -> None:
    draft = await drafted(tasks)
    before = duty(draft, "安检率")
    path = f"{DRAFTS}/{draft['id']}/duties/{before['id']}"

    refused = await tasks.as_(EDITOR).patch(path, json={"revision": 1, **change})

    assert refused.status_code == 422, refused.text
    assert duty(await whole(tasks, draft["id"]), "安检率") == before


async def test_a_duty_is_split_and_each_part_takes_over_what_it_does_not_say(
    tasks: Stage,
) -> None:
    draft = await drafted(tasks)
    pipes = duty(draft, "燃气管道")
    parts = [
        {"text": "改造城区管道30公里", "target": "30"},
        {"text": "改造乡镇管道10公里", "target": "10", "due_on": "2024-10-31"},
    ]

    split = await post(tasks, draft["id"], f"duties/{pipes['id']}/split", revision=1, parts=parts)

    assert split.status_code == 201, split.text
    assert [(row["target"], row["unit"], row["due_on"]) for row in split.json()] == [
        ("30", "公里", "2024-12-31"),
        ("10", "公里", "2024-10-31"),
    ]
    assert {row["lead"][0] for row in split.json()} == {"430400.urban_management"}
    (old,) = await tasks.rows(DraftDuty, status="split")
    assert str(old.id) == pipes["id"]


@pytest.mark.parametrize(("start", "end"), [(20, 10), (0, 10_000), (10_000, None), (None, 0)])
async def test_a_part_stands_at_a_place_of_the_text(
    tasks: Stage, start: int | None, end: int | None
) -> None:
    draft = await drafted(tasks)
    pipes = duty(draft, "燃气管道")
    part = {"text": "改造城区管道", "start": start, "end": end}

    refused = await post(
        tasks, draft["id"], f"duties/{pipes['id']}/split", revision=1, parts=[part, part]
    )

    assert refused.status_code == 422, refused.text
    assert duty(await whole(tasks, draft["id"]), "燃气管道")["status"] == "proposed"


async def test_a_part_that_names_no_place_keeps_that_of_the_whole(tasks: Stage) -> None:
    draft = await drafted(tasks)
    pipes = duty(draft, "燃气管道")
    parts = [{"text": "甲"}, {"text": "乙", "start": pipes["start"] + 6}]

    made = await post(tasks, draft["id"], f"duties/{pipes['id']}/split", revision=1, parts=parts)

    assert [(row["start"], row["end"]) for row in made.json()] == [
        (pipes["start"], pipes["end"]),
        (pipes["start"] + 6, pipes["end"]),
    ]


async def test_a_dropped_duty_is_not_issued_and_can_be_restored(tasks: Stage) -> None:
    draft = await drafted(tasks)
    path = f"duties/{duty(draft, '安检率')['id']}"
    assert (await post(tasks, draft["id"], f"{path}/drop", reason="重复")).status_code == 200
    await accepted(tasks, draft)

    refused = await post(tasks, draft["id"], f"{path}/drop")
    assert refused.status_code == 409
    assert (await post(tasks, draft["id"], f"{path}/restore")).json()["status"] == "proposed"
    await post(tasks, draft["id"], f"{path}/drop")
    issued = await post(tasks, draft["id"], "issue")
    assert issued.json()["duties"] == 2


async def test_a_duty_that_the_importer_did_not_see_is_added(tasks: Stage) -> None:
    draft = await drafted(tasks)
    body = {
        "article": 2,
        "kind": "prohibition",
        "text": "不得违规使用燃气",
        "comparator": "<=",
        "target": "0",
        "lead": ["430400.urban_management"],
    }

    added = await post(tasks, draft["id"], "duties", **body)
    beyond = await post(tasks, draft["id"], "duties", **{**body, "article": 9})

    assert (added.status_code, added.json()["position"]) == (201, 3)
    assert beyond.status_code == 422


async def test_every_correction_is_kept(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    await settled(tasks, draft["id"])
    await accepted(tasks, draft)

    rows = await tasks.rows(DraftChange)
    assert sorted({row.action for row in rows}) == ["accept", "settle"]
    assert len(rows) == 4 + len(draft["duties"])
    assert {row.made_by for row in rows} == {EDITOR.subject}
