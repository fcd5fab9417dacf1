"""The story of an accident: every kind of entry, and what enterprises never see of it."""

from datetime import timedelta
from typing import Any

import pytest

from kernel.access import Principal
from kernel.ids import uuid7
from services.incidents.timeline.schemas import span
from tests.services.incidents.casework import (
    everything,
)
from tests.services.incidents.clues import HOTLINE, SECRET_NAME, SECRET_PHONE, SECRET_WORDS
from tests.services.incidents.clues import handed_in as lead_handed_in
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    DAY,
    ENTERPRISE,
    INVESTIGATOR,
    OFFICE,
    OTHER_COUNTY_DESK,
    RECEIVED,
    USCC,
    Body,
    called,
    heard,
    report_body,
    reported,
    told_by_the_public,
)
from tests.services.incidents.telling import days_pass, post, story, told
from tests.services.stage import Stage

MINUTE = timedelta(minutes=1)
MILD: Body = {"casualties": {"deaths": 1}, "industry": "C26", "direct_loss_wan": None}


async def alike(stage: Stage, by: Principal = COUNTY_DESK, **second: Any) -> tuple[str, str, str]:
    """Two accidents that look like one, and the pair that was offered."""
    first = await reported(stage, **MILD)
    stage.now = RECEIVED + 5 * MINUTE
    desk = OTHER_COUNTY_DESK if by is CITY_DESK else COUNTY_DESK
    later = await reported(stage, by=desk, **MILD | second)
    await heard(stage)
    [pair] = (await stage.as_(by).get("/incidents/duplicates")).json()
    stage.now += 5 * MINUTE
    return first["accident_id"], later["accident_id"], pair["id"]


async def test_a_call_is_told_with_its_clock_and_without_the_caller(incidents: Stage) -> None:
    incidents.now = RECEIVED + 12 * MINUTE
    taken = await called(incidents)
    [call] = await told(incidents, taken["receipt"]["accident_id"], "call_taken")

    assert (call["at"], call["unit"]) == (RECEIVED.isoformat(), "430481.emergency")
    assert call["zh"] == "耒阳市应急管理局接到电话报告，各项时限自来电时起算（12分钟后录入）"
    assert "(typed 12 min later)" in call["en"]
    assert all(said not in str(call) for said in ("李四", "13987654321", "王五"))


async def test_a_correction_tells_from_what_to_what_and_no_words_about_people(
    incidents: Stage,
) -> None:
    first = await reported(incidents, casualties={"deaths": 3, "missing": 1})
    changes = {
        "place": "三号井",
        "summary": "张三违章操作",
        "occurred_at": "2023-06-01T09:20:00+08:00",
        "casualties": {"deaths": 2, "missing": 1},
        "direct_loss_wan": 500,
    }
    route = f"/reports/{first['report_id']}/corrections"
    wanted = {"correction_id": report_body()["report_id"], "changes": changes, "why": "核实"}
    await post(incidents, COUNTY_DESK, route, **wanted)
    [entry] = await told(incidents, first["accident_id"], "corrected")

    for said in (
        "地点由二号井改为三号井",
        "发生时间由2023-06-01 09:30改为2023-06-01 09:20",
        "死亡由3人改为2人",
        "直接经济损失由300.5",
        "事故简要经过已更正",
        "（核实）",
    ):
        assert said in entry["zh"]
    assert "失联" not in entry["zh"]
    assert "dead from 3 to 2" in entry["en"]
    assert "张三" not in entry["zh"] + entry["en"]


async def test_a_report_of_the_public_is_told_once_a_desk_found_it_true(incidents: Stage) -> None:
    receipt = await told_by_the_public(incidents)
    incidents.now = RECEIVED + 40 * MINUTE
    await incidents.fire_until(incidents.now)
    path = f"/public-reports/{receipt['public_report_id']}/open"
    opened = await post(incidents, COUNTY_DESK, path, report=report_body())
    second = await told_by_the_public(incidents, text="井口看见有人被抬出来了")
    path = f"/public-reports/{second['public_report_id']}/join"
    await post(incidents, COUNTY_DESK, path, accident_id=opened["accident_id"])
    entries = await told(incidents, opened["accident_id"], "public_report")

    assert [entry["zh"] for entry in entries] == [
        "收到公众报告，待核实",
        "公众报告逾期未核实",
        "耒阳市应急管理局核实公众报告属实，系本起事故",
        "收到公众报告，待核实",
        "耒阳市应急管理局核实公众报告属实，系本起事故",
    ]
    assert [entry["late_by_seconds"] for entry in entries] == [0, 0, 600, 0, 0]
    assert all(said not in str(entries) for said in ("张三丰", "13812345678", "冒水", "抬出来"))


async def test_a_merged_accident_says_where_it_goes_on_and_the_other_what_was_merged_in(
    incidents: Stage,
) -> None:
    kept, gone, pair = await alike(incidents)
    await post(incidents, COUNTY_DESK, f"/duplicates/{pair}/merge", why="同一起")
    await heard(incidents)
    [into] = await told(incidents, gone, "merged_into")
    [out_of] = await told(incidents, kept, "merged_from")

    assert into["other_accident_id"] == kept
    assert out_of["other_accident_id"] == gone
    assert into["at"] == out_of["at"] == incidents.now.isoformat()
    assert into["zh"] == ("与另一起事故（二号井）判定为同一起，本起并入，后续见该起事故：同一起")
    assert out_of["zh"] == "另一起事故（二号井）判定为同一起，并入本起：同一起"
    [ended] = await told(incidents, gone, "rescue_ended")
    assert ended["zh"] == "随并入的事故一并续报，本起不再续报"
    for accident in (kept, gone):
        [offered] = await told(incidents, accident, "duplicate")
        assert offered["zh"] == (
            "与另一起事故（二号井）疑似重复（发生时间相差30分钟以内、同一单位、地点名称相同、"
            "事故类型相同、相距200米以内），待人工判定"
        )
        own = await story(incidents, accident, ENTERPRISE)
        assert "duplicate" not in {entry["kind"] for entry in own}
        [merger] = [entry for entry in own if entry["kind"].startswith("merged_")]
        assert (merger["unit"], "：同一起" in merger["zh"]) == (None, False)


async def test_two_kept_apart_say_so_with_the_reason(incidents: Stage) -> None:
    kept, other, pair = await alike(incidents)
    await post(incidents, COUNTY_DESK, f"/duplicates/{pair}/keep-apart", why="两处工作面")

    for accident, stands_beside in ((kept, other), (other, kept)):
        [_, apart] = await told(incidents, accident, "duplicate")
        assert apart["other_accident_id"] == stands_beside
        assert apart["zh"].endswith("判定与另一起事故（二号井）不是同一起：两处工作面")


async def test_a_pair_that_another_merger_settled_says_so(incidents: Stage) -> None:
    kept, gone, _ = await alike(incidents)
    third = (await reported(incidents, by=CITY_DESK, **MILD))["accident_id"]
    await heard(incidents)
    pairs = (await incidents.as_(COUNTY_DESK).get("/incidents/duplicates")).json()
    [pair] = [one for one in pairs if {one["accident_id"], one["other_id"]} == {kept, gone}]
    await post(incidents, COUNTY_DESK, f"/duplicates/{pair['id']}/merge", why="同一起")
    entries = await told(incidents, third, "duplicate")

    assert [one["other_accident_id"] for one in entries if "了结" in one["zh"]] == [gone]


async def test_across_a_border_the_other_accident_is_named_by_number_alone(
    incidents: Stage,
) -> None:
    body = {"enterprise_uscc": None, "region_code": "430405"}
    kept, gone, pair = await alike(incidents, CITY_DESK, **body)
    await post(incidents, CITY_DESK, f"/duplicates/{pair}/merge", why="同一起")
    [into] = await told(incidents, gone, "merged_into", OTHER_COUNTY_DESK)

    assert into["other_accident_id"] == kept
    assert into["zh"] == "与另一起事故判定为同一起，本起并入，后续见该起事故"
    assert await told(incidents, kept, "merged_from", COUNTY_DESK) == []
    assert len(await told(incidents, kept, "merged_from", CITY_DESK)) == 1


async def test_every_decision_on_the_qualification_is_told_with_its_opinion(
    incidents: Stage,
) -> None:
    accident = (await reported(incidents, casualties={"deaths": 1}))["accident_id"]
    route = f"/qualifications/{accident}"
    asked = {"cause": "sudden_illness", "opinion": "心源性猝死", "document": "衡应急函1号"}
    decided = {"deciding_unit": "430000.committee_office", "document": "湘安办函2号"}
    await post(incidents, INVESTIGATOR, f"{route}/qualify", opinion="责任事故")
    for action, opinion in (("refuse-strike-off", "证据不足"), ("strike-off", "同意")):
        incidents.now += DAY
        await post(incidents, INVESTIGATOR, f"{route}/ask-strike-off", **asked)
        incidents.now += DAY
        await post(incidents, OFFICE, f"{route}/{action}", opinion=opinion, **decided)

    for by in (CITY_DESK, ENTERPRISE):
        entries = await told(incidents, accident, "qualification", by)
        assert [entry["zh"] for entry in entries] == [
            "衡阳市应急管理局认定为生产安全事故：责任事故",
            "衡阳市应急管理局以突发疾病为由申请核销：心源性猝死",
            "湖南省安全生产委员会办公室不同意核销，恢复为待认定：证据不足",
            "衡阳市应急管理局以突发疾病为由申请核销：心源性猝死",
            "湖南省安全生产委员会办公室同意核销（突发疾病）：同意",
        ]


async def test_the_statistics_entry_is_told_with_what_was_late(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    await heard(incidents)
    await incidents.fire_until(RECEIVED + DAY)
    incidents.now = RECEIVED + DAY + MINUTE
    await post(incidents, COUNTY_DESK, f"/statistics/entries/{accident}/entered")
    await post(incidents, COUNTY_DESK, f"/statistics/entries/{accident}/completed")
    entries = await told(incidents, accident, "statistics_entry")

    assert [(entry["zh"], entry["late_by_seconds"]) for entry in entries] == [
        ("统计系统逾期未录入", 0),
        ("已在统计系统录入", 60),
        ("已在统计系统补充完善", 0),
    ]
    assert await told(incidents, accident, "statistics_entry", ENTERPRISE) == []


async def test_the_leading_desk_is_told_of_the_further_place_and_the_enterprise_is_not(
    incidents: Stage,
) -> None:
    accident = (await reported(incidents, also_in=["430405"]))["accident_id"]
    await heard(incidents)

    for by in (COUNTY_DESK, CITY_DESK):
        [entry] = await told(incidents, accident, "shared", by)
        assert entry["unit"] == "430405.emergency"
        assert entry["zh"] == "事故涉及珠晖区，已通报珠晖区应急管理局"
    assert await told(incidents, accident, "shared", ENTERPRISE) == []
    assert (await incidents.as_(COUNTY_DESK).get("/incidents/shared")).json() == []


async def test_leads_are_told_to_those_who_may_read_them_and_never_by_whom(
    incidents: Stage,
) -> None:
    accident = (await reported(incidents, casualties={"deaths": 1}))["accident_id"]
    fitting = await lead_handed_in(incidents, deaths_alleged=1)
    more = await lead_handed_in(incidents, deaths_alleged=3, informant=None)
    assert (fitting["status"], more["status"]) == ("matched", "checking")
    await incidents.fire_until(RECEIVED + 10 * DAY)
    incidents.now = RECEIVED + 10 * DAY + MINUTE
    path = f"/leads/{more['id']}"
    await post(incidents, COUNTY_DESK, f"{path}/first-check", note="已到现场")
    evidence = {"accident_id": accident, "evidence": "火化记录"}
    await post(incidents, INVESTIGATOR, f"{path}/confirm", **evidence)
    entries = await told(incidents, accident, "lead")

    assert [entry["zh"] for entry in entries] == [
        "热线举报线索与本起事故相符",
        "热线举报线索须进一步核查",
        "热线举报线索逾期未初步查证",
        "完成热线举报线索初步查证",
        "热线举报线索查实",
    ]
    secrets = (SECRET_NAME, SECRET_PHONE, SECRET_WORDS, HOTLINE.subject, "已到现场", "火化记录")
    assert all(said not in str(entries) for said in secrets)
    [finding] = await told(incidents, accident, "finding")
    assert finding["zh"] == "初步认定瞒报"


async def test_a_lead_that_was_doubted_still_stands_in_the_story(incidents: Stage) -> None:
    accident = (await reported(incidents, casualties={"deaths": 1}))["accident_id"]
    lead = await lead_handed_in(incidents, deaths_alleged=1)
    await post(incidents, COUNTY_DESK, f"/leads/{lead['id']}/check", note="疑有误")
    await incidents.fire_until(RECEIVED + 10 * DAY)
    entries = await told(incidents, accident, "lead")

    assert [entry["zh"] for entry in entries] == [
        "热线举报线索与本起事故相符",
        "热线举报线索须进一步核查",
    ]


HIDDEN = {
    "call_taken",
    "public_report",
    "duplicate",
    "lead",
    "finding",
    "statistics_entry",
    "shared",
    "delegated",
    "climb",
    "supervision",
    "signature",
    "submitted",
    "question",
    "case_warned",
    "notice_owed",
}


@pytest.mark.parametrize("path", ["accidents/{accident}", "enterprises/{uscc}"])
async def test_an_enterprise_sees_nothing_of_what_is_hidden_from_it(
    incidents: Stage, path: str
) -> None:
    grave: Body = {"industry": "C26", "casualties": {"deaths": 3}, "also_in": ["430407"]}
    taken = await called(incidents, report=report_body(**grave))
    accident = taken["receipt"]["accident_id"]
    await reported(incidents, by=COUNTY_DESK, **MILD)
    await heard(incidents)
    public = await told_by_the_public(incidents)
    join = f"/public-reports/{public['public_report_id']}/join"
    await post(incidents, COUNTY_DESK, join, accident_id=accident)
    await lead_handed_in(incidents, deaths_alleged=4)
    suspicion = {"accident_id": accident, "kind": "concealed", "evidence": "火化记录"}
    await post(incidents, COUNTY_DESK, "/findings", **suspicion)
    await everything(incidents, accident)
    await post(incidents, COUNTY_DESK, f"/statistics/entries/{accident}/entered")
    await days_pass(incidents, 90)
    route = f"/incidents/{path.format(accident=accident, uscc=USCC)}/timeline"
    seen = await incidents.as_(ENTERPRISE).get(route)
    office = await incidents.as_(CITY_DESK).get(route)

    def kinds(answer: Any) -> set[str]:
        [chapter] = [
            one for one in answer.json().get("items", [answer.json()]) if _is(one, accident)
        ]
        return {entry["kind"] for entry in chapter["entries"]}

    assert kinds(office) >= HIDDEN
    assert kinds(seen) & HIDDEN == set()
    assert {"reported", "investigation", "case_opened", "extended", "relay_planned"} <= kinds(seen)
    for said in ("线索", "举报", "公众", "电话报告", "疑似", "瞒报", "火化", "挂牌", "四不放过"):
        assert said not in seen.text


def _is(chapter: Body, accident: str) -> bool:
    return bool(chapter["accident_id"] == accident)


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0秒", "0 s"),
        (59, "59秒", "59 s"),
        (60, "1分钟", "1 min"),
        (3601, "1小时", "1 h"),
        (3660, "1小时1分钟", "1 h 1 min"),
        (90_000, "1天1小时", "1 d 1 h"),
    ],
)
def test_how_long_something_took_is_told_in_its_two_largest_units(
    seconds: int, zh: str, en: str
) -> None:
    assert span(seconds) == (zh, en)


async def test_why_a_report_did_not_count_is_told(incidents: Stage) -> None:
    """One was told by telephone before a later one, and typed after it; one came a year late."""
    accident = (await reported(incidents, **MILD))["accident_id"]
    more = {"kind": "followup", "accident_id": accident}

    async def follows(deaths: int) -> Body:
        said = {"report_id": str(uuid7()), "casualties": {"deaths": deaths}}
        return await post(incidents, COUNTY_DESK, "/reports", **more | said)

    incidents.now = RECEIVED + 60 * MINUTE
    await follows(2)
    overtaken = {"report_id": str(uuid7()), "casualties": {"deaths": 1}}
    call = {"call_id": str(uuid7()), "called_at": (RECEIVED + 20 * MINUTE).isoformat()}
    await post(incidents, COUNTY_DESK, "/calls", **call, report=more | overtaken)
    incidents.now = RECEIVED + 365 * DAY
    await follows(3)

    entries = {entry["version"]: entry for entry in await told(incidents, accident, "followed_up")}
    assert "不计入" not in entries[2]["zh"]
    assert entries[3]["zh"].startswith("收到续报（晚于其后的续报入库，不计入）")
    assert "(stored after a later follow-up: not counted): 1 dead" in entries[3]["en"]
    assert entries[4]["zh"].startswith("收到续报（已过变化期限，不计入）")
