"""What comes of an accident within the year: the evaluation, the look-back, the story of it all."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from contracts.incidents_cases import DeadlineMissed, EvaluationPublished, RecommendationMade
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from services.incidents.evaluations.tables import Evaluation
from services.incidents.lookbacks.tables import Lookback
from tests.services.incidents.conftest import COUNTY_DESK, ENTERPRISE, Body, reported
from tests.services.incidents.counting import follow_up
from tests.services.incidents.story import (
    COUNTY_OFFICE,
    LEAD,
    LEADER,
    OFFICE,
    done,
    handed_in,
    keep_files,
    named,
    published,
    recommended,
    refused,
    teamed,
)
from tests.services.stage import Stage

APPROVED = date(2023, 8, 31)
OPENS = datetime(2024, 6, 30, tzinfo=SHANGHAI)
ENDS = datetime(2024, 9, 1, tzinfo=SHANGHAI)
LOOK_BACK = datetime(2024, 3, 11, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


async def planned(stage: Stage) -> tuple[str, str]:
    """A published accident with one open recommendation; its evaluation and itself."""
    accident, *_ = await teamed(stage)
    stage.now = datetime(2023, 9, 10, 10, tzinfo=SHANGHAI)
    await published(stage, accident, published_on=date(2023, 9, 10), approved_on=APPROVED)
    [evaluation] = await stage.rows(Evaluation)
    return f"/evaluations/{evaluation.id}", accident


async def closed(stage: Stage, accident: str) -> str:
    due = (stage.now + 30 * DAY).date().isoformat()
    one = await recommended(stage, accident, due_on=due)
    path = f"/recommendations/{one['id']}"
    await done(stage, COUNTY_OFFICE, f"{path}/proofs", note="n")
    await done(stage, OFFICE, f"{path}/accept", remark="r")
    await done(stage, OFFICE, f"{path}/close")
    recommendation: str = one["id"]
    return recommendation


async def seen(stage: Stage, path: str) -> Body:
    body: Body = (await stage.as_(OFFICE).get(f"/incidents{path}")).json()
    return body


async def test_an_evaluation_waits_opens_and_ends_on_its_days(incidents: Stage) -> None:
    path, _ = await planned(incidents)
    await incidents.fire_until(OPENS - MOMENT)
    assert (await seen(incidents, path))["status"] == "waiting"
    await incidents.fire_until(OPENS)
    assert (await seen(incidents, path))["status"] == "open"
    await incidents.fire_until(ENDS - MOMENT)
    told = [fact["kind"] for fact in await incidents.told(DeadlineMissed)]
    assert told == ["lookback"]
    await incidents.fire_until(ENDS)
    await incidents.fire_until(ENDS + 400 * DAY)
    told = [fact["kind"] for fact in await incidents.told(DeadlineMissed)]
    assert told == ["lookback", "evaluation"]


async def test_publications_told_again_plan_nothing_twice(incidents: Stage) -> None:
    _, accident = await planned(incidents)
    await published(incidents, accident, published_on=date(2023, 10, 1))

    assert len(await incidents.rows(Evaluation)) == 1
    assert len(await incidents.rows(Lookback)) == 1


async def test_without_a_day_of_approval_the_publication_counts(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    await published(incidents, accident, published_on=date(2023, 9, 10))
    [evaluation] = await incidents.rows(Evaluation)

    assert evaluation.counted_from == date(2023, 9, 10)
    assert evaluation.opens_at == datetime(2024, 7, 10, tzinfo=SHANGHAI)


async def test_an_evaluation_cannot_be_concluded_before_it_opens(incidents: Stage) -> None:
    path, _ = await planned(incidents)
    body = {"result": "implemented", "conclusion": "c"}
    answer = await refused(incidents, OFFICE, f"{path}/conclude", **body)
    assert answer == (409, "evaluation-action-refused")


async def test_all_met_is_concluded_and_published_in_time(incidents: Stage) -> None:
    path, accident = await planned(incidents)
    await closed(incidents, accident)
    incidents.now = OPENS + 3 * DAY
    await incidents.fire_until(OPENS)
    await done(incidents, OFFICE, f"{path}/conclude", result="implemented", conclusion="均已落实")
    ahead = {"published_on": "2024-07-04", "title": "评估报告"}
    assert (await refused(incidents, OFFICE, f"{path}/publication", **ahead))[0] == 422
    body = {"published_on": "2024-07-03", "title": "评估报告", "url": "https://example.org/e"}
    await done(incidents, OFFICE, f"{path}/publication", **body)
    await incidents.fire_until(ENDS + 9 * DAY)

    [told] = await incidents.told(EvaluationPublished)
    assert (told["result"], told["published_on"]) == ("implemented", "2024-07-03")
    kinds = {fact["kind"] for fact in await incidents.told(DeadlineMissed)}
    assert "evaluation" not in kinds
    assert (await incidents.as_(ENTERPRISE).get(f"/incidents{path}")).json()["title"] == "评估报告"


async def test_a_concluded_evaluation_that_is_not_published_is_overdue(incidents: Stage) -> None:
    path, _ = await planned(incidents)
    incidents.now = OPENS + DAY
    await incidents.fire_until(OPENS)
    await done(incidents, OFFICE, f"{path}/conclude", result="implemented", conclusion="c")
    await incidents.fire_until(ENDS)

    assert "evaluation" in {fact["kind"] for fact in await incidents.told(DeadlineMissed)}


async def test_what_is_unmet_is_opened_again_with_its_own_round_and_day(incidents: Stage) -> None:
    path, accident = await planned(incidents)
    recommendation = await closed(incidents, accident)
    incidents.now = OPENS + DAY
    await incidents.fire_until(OPENS)
    body = {"result": "partly", "conclusion": "c", "unmet": [recommendation]}
    no_day = await refused(incidents, OFFICE, f"{path}/conclude", **body)
    assert no_day == (422, "day-gone-by")
    await done(incidents, OFFICE, f"{path}/conclude", **body, redo_by="2024-08-01")

    again = await seen(incidents, f"/recommendations/{recommendation}")
    assert (again["status"], again["round"]) == ("open", 2)
    assert again["due_at"] == "2024-08-02T00:00:00+08:00"
    assert [made["round"] for made in await incidents.told(RecommendationMade)] == [1, 2]


@pytest.mark.parametrize(
    ("result", "unmet", "finished"),
    [("implemented", True, True), ("implemented", False, False), ("not", False, True)],
)
async def test_a_result_that_contradicts_the_recommendations_is_refused(
    incidents: Stage, result: str, unmet: bool, finished: bool
) -> None:
    path, accident = await planned(incidents)
    if finished:
        one = await closed(incidents, accident)
    else:
        one = (await recommended(incidents, accident, due_on="2024-01-01"))["id"]
    incidents.now = OPENS + DAY
    await incidents.fire_until(OPENS)
    body = {"result": result, "conclusion": "c", "unmet": [one] if unmet else []}
    answer = await refused(incidents, OFFICE, f"{path}/conclude", **body, redo_by="2024-08-01")
    assert answer == (409, "result-contradicted")


async def test_recommendations_of_another_accident_are_unknown_here(incidents: Stage) -> None:
    path, _ = await planned(incidents)
    other, *_ = await teamed(incidents)
    foreign = await closed(incidents, other)
    incidents.now = OPENS + DAY
    await incidents.fire_until(OPENS)
    body = {"result": "not", "conclusion": "c", "unmet": [foreign], "redo_by": "2024-08-01"}
    assert (await refused(incidents, OFFICE, f"{path}/conclude", **body))[0] == 404


@pytest.mark.parametrize("by", [COUNTY_DESK, LEADER, ENTERPRISE])
async def test_the_office_and_investigators_evaluate(incidents: Stage, by: Principal) -> None:
    path, _ = await planned(incidents)
    body = {"result": "not", "conclusion": "c"}
    assert (await refused(incidents, by, f"{path}/conclude", **body))[0] == 403


async def test_a_larger_accident_is_looked_back_at(incidents: Stage) -> None:
    await planned(incidents)
    [lookback] = await incidents.rows(Lookback)
    assert (lookback.due_at, lookback.unit) == (LOOK_BACK, "430400.safety_committee")
    assert lookback.rule.startswith("hy-plan-2023 9.6@")

    await incidents.fire_until(LOOK_BACK - MOMENT)
    assert await incidents.told(DeadlineMissed) == []
    await incidents.fire_until(LOOK_BACK)
    [missed] = await incidents.told(DeadlineMissed)
    assert (missed["kind"], missed["unit"]) == ("lookback", "430400.safety_committee")


async def test_a_general_accident_is_not(incidents: Stage) -> None:
    casualties = {"deaths": 1}
    accident = (await reported(incidents, industry="C26", casualties=casualties))["accident_id"]
    await published(incidents, accident, published_on=date(2023, 9, 10))

    assert await incidents.rows(Lookback) == []
    assert len(await incidents.rows(Evaluation)) == 1


AGAIN_ENDS = datetime(2025, 3, 2, tzinfo=SHANGHAI)  # the whole of 1 March 2025 is inside
AGAIN_LOOK_BACK = datetime(2024, 9, 11, tzinfo=SHANGHAI)


async def reopened(stage: Stage, accident: str) -> None:
    """The report of the second investigation: approved on 1 March, out on the 10th."""
    stage.now = datetime(2024, 3, 10, 10, tzinfo=SHANGHAI)
    await published(
        stage,
        accident,
        published_on=date(2024, 3, 10),
        approved_on=date(2024, 3, 1),
        generation=2,
    )


async def test_the_report_of_a_reopened_case_is_evaluated_on_its_own_days(
    incidents: Stage,
) -> None:
    _, accident = await planned(incidents)
    await reopened(incidents, accident)
    first, second = sorted(await incidents.rows(Evaluation), key=lambda one: one.generation)
    assert (first.status, first.superseded_at) == ("superseded", incidents.now)
    assert (second.generation, second.counted_from) == (2, date(2024, 3, 1))
    assert second.opens_at == datetime(2025, 1, 1, tzinfo=SHANGHAI)
    assert second.due_at == AGAIN_ENDS

    await incidents.fire_until(second.opens_at - MOMENT)
    path = f"/evaluations/{second.id}"
    assert (await seen(incidents, path))["status"] == "waiting"
    assert (await seen(incidents, f"/evaluations/{first.id}"))["status"] == "superseded"
    await incidents.fire_until(second.opens_at)
    assert (await seen(incidents, path))["status"] == "open"
    await incidents.fire_until(AGAIN_ENDS - MOMENT)
    missed = [fact for fact in await incidents.told(DeadlineMissed) if fact["kind"] == "evaluation"]
    assert missed == []
    await incidents.fire_until(AGAIN_ENDS)
    [missed] = [
        fact for fact in await incidents.told(DeadlineMissed) if fact["kind"] == "evaluation"
    ]
    assert missed["entity_id"] == str(second.id)
    body = {"result": "implemented", "conclusion": "c"}
    late = await refused(incidents, OFFICE, f"/evaluations/{first.id}/conclude", **body)
    assert late == (409, "evaluation-action-refused")


async def test_the_report_of_a_reopened_case_is_looked_back_at_on_its_own_day(
    incidents: Stage,
) -> None:
    _, accident = await planned(incidents)
    await reopened(incidents, accident)
    first, second = sorted(await incidents.rows(Lookback), key=lambda one: one.generation)
    assert (first.status, second.status) == ("superseded", "planned")
    assert second.due_at == AGAIN_LOOK_BACK

    await incidents.fire_until(AGAIN_LOOK_BACK - MOMENT)
    assert await incidents.told(DeadlineMissed) == []
    await incidents.fire_until(AGAIN_LOOK_BACK)
    [missed] = await incidents.told(DeadlineMissed)
    assert missed["entity_id"] == str(second.id)
    late = await refused(
        incidents, OFFICE, f"/lookbacks/{first.id}/make", result="lasting", note="n"
    )
    assert late == (409, "lookback-action-refused")


async def test_what_was_published_or_made_before_a_case_was_reopened_stays(
    incidents: Stage,
) -> None:
    path, accident = await planned(incidents)
    [lookback] = await incidents.rows(Lookback)
    make = f"/lookbacks/{lookback.id}/make"
    await done(incidents, OFFICE, make, result="lasting", note="n")
    incidents.now = OPENS + DAY
    await incidents.fire_until(incidents.now)
    await done(incidents, OFFICE, f"{path}/conclude", result="implemented", conclusion="c")
    day = {"published_on": "2024-07-01", "title": "评估报告"}
    await done(incidents, OFFICE, f"{path}/publication", **day)
    await published(incidents, accident, published_on=date(2024, 7, 1), generation=2)
    await published(incidents, accident, published_on=date(2024, 7, 1), generation=1)

    assert [one.status for one in await incidents.rows(Evaluation)] == ["published", "waiting"]
    assert [one.status for one in await incidents.rows(Lookback)] == ["done", "planned"]


async def test_a_reopened_case_that_proves_a_general_accident_is_not_looked_back_at(
    incidents: Stage,
) -> None:
    accident, *_ = await teamed(incidents)
    await published(incidents, accident, published_on=date(2023, 6, 1))
    await follow_up(incidents, {"accident_id": accident}, casualties={"deaths": 2})
    await reopened(incidents, accident)

    assert [one.status for one in await incidents.rows(Lookback)] == ["superseded"]
    assert len(await incidents.rows(Evaluation)) == 2


async def test_a_relapse_opens_what_did_not_last(incidents: Stage) -> None:
    _, accident = await planned(incidents)
    recommendation = await closed(incidents, accident)
    [lookback] = await incidents.rows(Lookback)
    path = f"/lookbacks/{lookback.id}/make"
    nameless = {"result": "relapsed", "note": "n"}
    named_too = {"result": "lasting", "note": "n", "relapsed": [recommendation]}
    for body in (nameless, named_too):
        assert await refused(incidents, OFFICE, path, **body) == (422, "relapse-unclear")

    body = {"result": "relapsed", "note": "n", "relapsed": [recommendation]}
    await done(incidents, OFFICE, path, **body, redo_by="2024-02-01")
    await incidents.fire_until(LOOK_BACK)
    assert (await seen(incidents, f"/recommendations/{recommendation}"))["status"] == "open"
    assert await refused(incidents, OFFICE, path, **body, redo_by="2024-02-01") == (
        409,
        "lookback-action-refused",
    )
    missed = await incidents.told(DeadlineMissed)
    assert [fact["kind"] for fact in missed] == ["recommendation"]


async def test_the_timeline_tells_it_all_in_order_and_names_nobody(
    incidents: Stage, tmp_path: Path
) -> None:
    keep_files(incidents, tmp_path)
    path, accident = await planned(incidents)
    team = (await incidents.as_(OFFICE).get(f"/incidents/teams/{accident}")).json()["members"]
    await named(incidents, accident, None, organ="procuratorate", invited=True)
    lead, second = (member["id"] for member in team)
    recusal = {"member_id": second, "relation": "other", "ground": "g"}
    asked = (await done(incidents, LEAD, "/teams/recusals", **recusal))["id"]
    due = (incidents.now + DAY).isoformat()
    step = {"accident_id": accident, "member_id": lead, "task": "勘查", "due_at": due}
    await done(incidents, LEAD, "/steps", **step)
    transfer = {"accident_id": accident, "addressee": "police", "matter": "m"}
    await done(incidents, LEAD, "/transfers", **transfer, officers=[lead, second])
    await done(incidents, LEADER, f"/teams/recusals/{asked}/uphold", reason="r")
    item = (await handed_in(incidents, accident)).json()["id"]
    await done(incidents, LEAD, f"/evidence/{item}/hand-overs", taker="赵六", why="w")
    await done(incidents, LEAD, f"/evidence/{item}/withdrawal", reason="r")
    await closed(incidents, accident)
    incidents.now = OPENS + DAY
    await incidents.fire_until(incidents.now)
    await done(incidents, OFFICE, f"{path}/conclude", result="implemented", conclusion="c")
    publication = {"published_on": "2024-07-01", "title": "评估报告"}
    await done(incidents, OFFICE, f"{path}/publication", **publication)
    [lookback] = await incidents.rows(Lookback)
    await done(incidents, OFFICE, f"/lookbacks/{lookback.id}/make", result="lasting", note="n")

    answer = await incidents.as_(OFFICE).get(f"/incidents/accidents/{accident}/timeline")
    story = answer.json()["entries"]
    assert [entry["at"] for entry in story] == sorted(entry["at"] for entry in story)
    words = " ".join(entry["zh"] for entry in story)
    for said in (
        "邀请人民检察院派员参加",
        "应急管理部门成员：决定回避",
        "调查任务逾期：勘查",
        "撤回证据：井口照片",
        "建议销号",
        "移送公安机关逾期",
        "整改评估结果公开：评估报告",
        "回头看逾期未开展",
        "回头看：未反弹",
    ):
        assert said in words
    assert "张三" not in answer.text
    assert "李四" not in answer.text
    assert set("abcdefghijklmnopqrstuvwxyz ") & set(story[-1]["en"])
