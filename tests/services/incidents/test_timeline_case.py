"""The story of an investigation: every step of the case, its pauses, its second beginning."""

from datetime import timedelta

import pytest

from services.incidents.teams.domain import Organ
from tests.services.incidents.casework import (
    CITY_LEADER,
    CITY_TEAM,
    DOCUMENT,
    PROVINCE_LEADER,
    PROVINCE_OFFICE,
    closed,
    done,
    everything,
    larger,
    submitted,
)
from tests.services.incidents.conftest import (
    DAY,
    Body,
    heard,
)
from tests.services.incidents.telling import days_pass, story, told
from tests.services.stage import Stage

MINUTE = timedelta(minutes=1)
MILD: Body = {"casualties": {"deaths": 1}, "industry": "C26", "direct_loss_wan": None}


async def test_every_step_of_a_case_is_told(incidents: Stage) -> None:
    accident = await larger(incidents)
    await heard(incidents)
    await everything(incidents, accident)
    entries = await story(incidents, accident)
    words = [entry["zh"] for entry in entries]

    for said in (
        "建立调查案卷，调查期限自2023-06-01的次日起算",
        "衡阳市人民政府委托衡阳市应急管理局组织调查（衡政函〔2023〕1号）：案情复杂",
        "湖南省人民政府就“上级政府认为必要”情形决定不提级调查：市级已依法开展",
        "湖南省安全生产委员会办公室挂牌督办（湘安督〔2023〕1号）：查明原因",
        "湖南省安全生产委员会办公室审核同意调查报告：同意",
        "调查期限延长10日（衡政函〔2023〕1号）：案情复杂",
        "启动调查",
        "技术鉴定2023-06-01开始（鉴定中心：爆炸原因），鉴定期间不计入调查期限",
        "技术鉴定2023-06-01结束（鉴定中心：爆炸原因）",
        "向衡阳市人民政府提交调查报告",
        "衡阳市应急管理局核查“事故原因未查清不放过”：已落实（见附件）",
    ):
        assert said in words
    kinds = {entry["kind"] for entry in entries}
    assert {"case_opened", "delegated", "climb", "supervision", "extended"} <= kinds
    assert {"appraisal_begun", "appraisal_ended", "submitted", "question"} <= kinds


async def test_a_case_is_told_to_its_end_and_from_its_second_beginning(incidents: Stage) -> None:
    accident = await larger(incidents)
    await heard(incidents)
    await submitted(incidents, accident)
    incidents.now += DAY
    returned = {"decision": "returned", **DOCUMENT}
    await done(incidents, CITY_LEADER, accident, "decision", returned)
    incidents.now += DAY
    await done(incidents, CITY_TEAM, accident, "submissions")
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "approved", **DOCUMENT})
    entries = await story(incidents, accident)
    case = ("submitted", "returned", "approved")

    assert [(entry["kind"], entry["zh"]) for entry in entries if entry["kind"] in case] == [
        ("submitted", "向衡阳市人民政府提交调查报告"),
        ("returned", "衡阳市人民政府退回调查报告，要求补充调查（衡政函〔2023〕1号）：案情复杂"),
        ("submitted", "再次向衡阳市人民政府提交调查报告"),
        ("approved", "衡阳市人民政府批复同意调查报告（衡政函〔2023〕1号）：案情复杂"),
    ]


async def test_a_closed_case_that_is_reopened_is_told_as_two(incidents: Stage) -> None:
    accident = await larger(incidents)
    await closed(incidents, accident)
    incidents.now += DAY
    await done(incidents, CITY_LEADER, accident, "reopen", DOCUMENT)
    await done(incidents, CITY_TEAM, accident, "begin")
    entries = await story(incidents, accident)
    kinds = [entry["kind"] for entry in entries]

    assert kinds.index("case_closed") < kinds.index("case_reopened")
    assert kinds.count("case_begun") == 2
    [again] = [entry["zh"] for entry in entries if entry["kind"] == "case_reopened"]
    assert again == "第2次启动调查（衡政函〔2023〕1号）：案情复杂"


async def test_a_case_that_climbed_tells_why_and_that_no_report_is_decided_on(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    await submitted(incidents, accident)
    incidents.now += MINUTE
    ground = {"ground": "other", "taken": True, "reason": "影响较大"}
    await done(incidents, PROVINCE_LEADER, accident, "climbs", ground)
    entries = await story(incidents, accident)
    words = {entry["kind"]: entry["zh"] for entry in entries}

    assert words["climb"] == "湖南省人民政府就“上级政府认为必要”情形决定提级调查：影响较大"
    assert words["investigation"].startswith("提级由湖南省人民政府组织调查（《")
    assert words["superseded"] == "调查主体变更，衡阳市人民政府不再批复已提交的报告"


async def test_warnings_before_a_limit_and_the_alarm_after_it_are_told(incidents: Stage) -> None:
    accident = await larger(incidents)
    await heard(incidents)
    await days_pass(incidents, 62)
    warned = await told(incidents, accident, "case_warned")
    [overdue] = await told(incidents, accident, "case_overdue")

    assert warned[0]["zh"] == "调查期限将于2023-07-31届满，预警衡阳市人民政府"
    assert overdue["zh"] == "调查期限2023-07-31届满，衡阳市人民政府尚未办结"
    assert overdue["due_at"] == "2023-08-01T00:00:00+08:00"


@pytest.mark.parametrize("organ", Organ)
async def test_whoever_sends_somebody_to_the_team_the_story_is_told(
    incidents: Stage, organ: Organ
) -> None:
    """Of a coal mine, where the mine safety organ sits on the team as well."""
    accident = await larger(incidents, industry="B06")
    body = {"accident_id": accident, "name": "张三丰", "organ": organ}
    named = await incidents.as_(PROVINCE_OFFICE).post("/incidents/teams/members", json=body)
    assert named.status_code == 201, named.text
    entries = await story(incidents, accident)

    [entry] = [one for one in entries if one["kind"] == "team"]
    assert entry["zh"].endswith("派员参加调查组")
