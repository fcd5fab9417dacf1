"""A plan as published becomes a draft, people correct it, and it is issued once all is settled."""

import asyncio
import io

import docx
import pytest

from devstack.layout import REPOSITORY
from services.tasks.drafts.tables import Draft, DraftChange, DraftDuty
from tests.services.stage import Stage
from tests.services.tasks.drafting import (
    CLEAN,
    DOUBTFUL,
    DRAFTS,
    EDITOR,
    LEADER,
    accepted,
    drafted,
    duty,
    flag,
    post,
    whole,
)
from tests.services.tasks.story import COUNTY_OFFICE

PLAN = REPOSITORY.resolve().parent / "shared" / "seed" / "hengyang-2023.txt"


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


async def test_issuing_is_refused_while_a_flag_is_open_or_a_duty_undecided(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    refused = await post(tasks, draft["id"], "issue")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/flags-open")
    assert refused.json()["open"] == 4

    await _settle_all(tasks, draft["id"])
    refused = await post(tasks, draft["id"], "issue")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/duties-undecided")

    await accepted(tasks, draft)
    issued = await post(tasks, draft["id"], "issue")
    assert issued.status_code == 201, issued.text
    assert (await whole(tasks, draft["id"]))["status"] == "issued"


async def _settle_all(tasks: Stage, draft_id: str) -> None:
    draft = await whole(tasks, draft_id)
    for kind, how in {
        "injected": {"resolution": "removed"},
        "misprint": {"resolution": "corrected", "correction": "大幅"},
        "unknown_unit": {"resolution": "assigned", "units": ["430400.water"]},
        "no_unit": {"resolution": "assigned", "units": ["430400.committee_office"]},
    }.items():
        done = await post(tasks, draft_id, "settlement", flags=[flag(draft, kind)["id"]], **how)
        assert done.status_code == 200, done.text


async def test_settling_a_flag_brings_words_and_units_in_line(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    assert duty(draft, "全体会议")["supporting"] == []
    assert duty(draft, "领导带班")["lead"] == []

    await _settle_all(tasks, draft["id"])

    draft = await whole(tasks, draft["id"])
    assert duty(draft, "校车")["text"] == "实现校车违法行为大幅下降"
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


async def test_settling_a_flag_leaves_alone_what_a_person_wrote_and_named(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    for words, change in (
        ("校车", {"text": "校车违法行为比上年减少"}),
        ("全体会议", {"supporting": ["430400.finance"]}),
    ):
        path = f"{DRAFTS}/{draft['id']}/duties/{duty(draft, words)['id']}"
        done = await tasks.as_(EDITOR).patch(path, json={"revision": 1, **change})
        assert done.status_code == 200, done.text

    await _settle_all(tasks, draft["id"])

    draft = await whole(tasks, draft["id"])
    assert duty(draft, "校车")["text"] == "校车违法行为比上年减少"
    assert duty(draft, "全体会议")["supporting"] == ["430400.finance"]


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
    excerpt = draft["text"][slice(*_place(draft["flags"][0]))]
    duties = (await tasks.as_(LEADER).get("/tasks/plans/2023/articles")).json()
    assert len(excerpt) > 4
    assert excerpt not in str(duties)


def _place(row: dict[str, int]) -> tuple[int, int]:
    return row["start"], row["end"]


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


async def test_every_correction_is_kept(tasks: Stage) -> None:
    draft = await drafted(tasks, DOUBTFUL)
    await _settle_all(tasks, draft["id"])
    await accepted(tasks, draft)

    rows = await tasks.rows(DraftChange)
    assert sorted({row.action for row in rows}) == ["accept", "settle"]
    assert len(rows) == 4 + len(draft["duties"])
    assert {row.made_by for row in rows} == {EDITOR.subject}
