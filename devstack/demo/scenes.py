"""What happens, accident by accident. A scene returns the ids of the accidents it played."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from devstack.demo.stage import Stage
from kernel.clock import SHANGHAI
from kernel.ids import uuid7

REPORTS = "/api/v1/incidents/reports"
LEADS = "/api/v1/incidents/leads"
DIRECT = "/api/v1/incidents/direct-reports"
ANSWERING = (
    "enterprise",
    "county_duty_desk",
    "city_duty_desk",
    "committee_office",
    "city_leader",
    "province_duty_desk",
)


@dataclass(frozen=True)
class Scene:
    """One accident's story."""

    zh: str
    en: str
    play: Callable[[Stage], Awaitable[str]]


def on(day: str, time: str) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI)


def report(kind: str, **fields: Any) -> dict[str, Any]:
    """The body of a report with a fresh id; instants as text."""
    worded = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in fields.items()
    }
    return {"report_id": str(uuid7()), "kind": kind, **worded}


async def forward(stage: Stage, account: str, accident: str, unit: str) -> None:
    """The desk of a unit passes the report on to the next level."""
    hops = await stage.ask(account, "/api/v1/incidents/relays")
    hop = next(hop for hop in hops if hop["accident_id"] == accident and hop["from_unit"] == unit)
    await stage.do(account, f"/api/v1/incidents/relays/{hop['id']}/forward", {})


async def telephone(stage: Stage, account: str, accident: str, unit: str) -> None:
    """The desk of a unit makes the call that it owes past the levels."""
    calls = await stage.ask(account, "/api/v1/incidents/relays/calls", accident_id=accident)
    call = next(call for call in calls if call["from_unit"] == unit)
    await stage.do(account, f"/api/v1/incidents/relays/{call['id']}/phone", {})
    await stage.settle()


async def notify(stage: Stage, account: str, accident: str) -> None:
    """The desk tells the bodies beside the line, and keeps who took it."""
    owed = await stage.ask(account, "/api/v1/incidents/notices", mine=True)
    for notice in (notice for notice in owed if notice["accident_id"] == accident):
        path = f"/api/v1/incidents/notices/{notice['id']}/tell"
        await stage.do(account, path, {"receipt": "电话通知，对方值班员接收"})


async def tell_province(
    stage: Stage, account: str, accident: str, receipt: str, at: datetime | None = None
) -> None:
    """It is said that the unit told the province itself: by the unit, or by a desk for it."""
    owed = await stage.ask(account, DIRECT, accident_id=accident)
    said = {"receipt": receipt, "told_at": at.isoformat() if at else None}
    for report in owed:
        await stage.do(account, f"{DIRECT}/{report['id']}/tell", said)


async def follow_up(stage: Stage, account: str, accident: str, *moments: datetime) -> None:
    """The desk reports on the rescue, with no figure changed."""
    for moment in moments:
        await stage.at(moment)
        said = report("followup", accident_id=accident, summary="搜救继续，人数无变化。")
        await stage.do(account, REPORTS, said)


async def end_rescue(stage: Stage, account: str, accident: str, reason: str) -> None:
    """The desk says that the rescue has ended: no further follow-ups are owed."""
    path = f"/api/v1/incidents/rescues/{accident}/end"
    await stage.do(account, path, {"reason": reason})
    await stage.settle()


async def acknowledge(stage: Stage, account: str, accident: str) -> None:
    """Acknowledge every alarm about the accident that reached the account's unit."""
    inbox = await stage.ask(account, "/api/v1/notifications/messages", limit=200)
    for message in inbox["items"]:
        waits = message["alarm_id"] and not message["acknowledged_at"]
        if message["origin"] == accident and waits:
            path = f"/api/v1/notifications/messages/{message['message_id']}/acknowledge"
            await stage.do(account, path)


async def everybody_acknowledges(stage: Stage, accident: str) -> None:
    """Every unit that has an account here answers its alarms."""
    for account in ANSWERING:
        await acknowledge(stage, account, accident)


async def publish(
    stage: Stage, account: str, accident: str, day: str, title: str, source: str | None = None
) -> None:
    """The report of the investigation is published, or it is passed on that it was."""
    path = f"/api/v1/incidents/investigations/{accident}/publication"
    await stage.do(account, path, {"published_on": day, "title": title, "source": source})


async def flooded_mine(stage: Stage) -> str:
    """源江山 11·29: five dead and eight missing, then presumed dead."""
    day = "2020-11-29"
    await stage.at(on(day, "13:10"))
    opened = report(
        "quick",
        enterprise_uscc=stage.uscc("enterprise"),
        occurred_at=on(day, "11:40"),
        known_at=on(day, "11:55"),
        region_code="430481",
        place="导子煤业源江山煤矿井下",
        industry="coal_mining",
        accident_type="water_inrush",
        casualties={"deaths": 5, "missing": 8},
        summary="井下透水，正在排水搜救。",
        measures="已启动预案，组织排水。",
    )
    accident = str((await stage.do("enterprise", REPORTS, opened))["accident_id"])
    await stage.settle()
    await stage.at(on(day, "13:16"))
    await acknowledge(stage, "county_duty_desk", accident)
    await telephone(stage, "county_duty_desk", accident, "430481.emergency")
    await notify(stage, "county_duty_desk", accident)
    await forward(stage, "county_duty_desk", accident, "430481.emergency")
    await stage.at(on(day, "13:21"))  # ten minutes are over: the next step is called
    await everybody_acknowledges(stage, accident)
    # Its hour ended at 12:55, before it had told anybody.
    await tell_province(stage, "enterprise", accident, "省厅值班员接收", on(day, "13:20"))
    await telephone(stage, "city_duty_desk", accident, "430400.emergency")
    await stage.at(on(day, "15:40"))  # the city's two hours ended at 15:16
    await everybody_acknowledges(stage, accident)
    await forward(stage, "city_duty_desk", accident, "430400.emergency")
    days = ["2020-11-30", *(f"2020-12-0{n}" for n in range(1, 6))]
    await follow_up(stage, "county_duty_desk", accident, *(on(day, "18:00") for day in days))
    await stage.at(on("2020-12-06", "10:00"))
    ended = report(
        "followup",
        accident_id=accident,
        casualties={"deaths": 5, "missing": 8},
        missing_presumed_dead=True,
        direct_loss_wan=3484.03,
        summary="搜救结束，失联8人认定遇难。",
    )
    await stage.do("county_duty_desk", REPORTS, ended)
    await stage.settle()
    await end_rescue(stage, "county_duty_desk", accident, "搜救结束，失联8人认定遇难。")
    await stage.at(on("2020-12-06", "10:04"))
    await everybody_acknowledges(stage, accident)
    await stage.at(on("2020-12-06", "10:30"))
    await telephone(stage, "province_duty_desk", accident, "430000.emergency")
    await forward(stage, "province_duty_desk", accident, "430000.emergency")
    await everybody_acknowledges(stage, accident)
    await stage.at(on("2021-07-28", "09:00"))
    await publish(
        stage,
        "province_investigator",
        accident,
        "2021-07-28",
        "源江山煤矿“11·29”重大透水事故调查报告",
    )
    return accident


async def hospital_fire(stage: Stage) -> str:
    """来雁医院 1·8: five dead, six within the seven days that a fire has."""
    day = "2022-01-08"
    await stage.at(on(day, "11:30"))
    opened = report(
        "quick",
        enterprise_uscc=HOSPITAL,
        occurred_at=on(day, "10:30"),
        known_at=on(day, "10:40"),
        region_code="430407",
        place="石鼓区来雁医院",
        industry="healthcare",
        accident_type="fire",
        casualties={"deaths": 5, "serious_injuries": 0, "minor_injuries": 9, "evacuated": 80},
        summary="住院楼起火，明火已扑灭。",
    )
    accident = str((await stage.do("city_duty_desk", REPORTS, opened))["accident_id"])
    await stage.settle()
    await stage.at(on(day, "11:36"))
    # The hospital has no account: the desk says for it when it called the province.
    await tell_province(stage, "city_duty_desk", accident, "省厅值班员接收", on(day, "11:34"))
    await telephone(stage, "city_duty_desk", accident, "430400.emergency")
    await forward(stage, "city_duty_desk", accident, "430400.emergency")
    await acknowledge(stage, "city_duty_desk", accident)
    await stage.at(on(day, "11:41"))
    await everybody_acknowledges(stage, accident)
    await stage.at(on(day, "11:52"))
    await everybody_acknowledges(stage, accident)
    await stage.at(on(day, "12:08"))  # nobody stands in for the district: the last desk has it
    await everybody_acknowledges(stage, accident)
    await end_rescue(stage, "city_duty_desk", accident, "明火扑灭，人员全部疏散。")
    await stage.at(on("2022-01-11", "17:00"))
    died = report(
        "followup",
        accident_id=accident,
        casualties={"deaths": 6, "minor_injuries": 8},
        direct_loss_wan=779.5,
        summary="1名伤者医治无效死亡。",
    )
    await stage.do("city_duty_desk", REPORTS, died)
    await stage.settle()
    await stage.at(on("2022-04-24", "09:00"))
    await publish(
        stage, "investigator", accident, "2022-04-24", "衡阳来雁医院“1·8”较大火灾事故调查报告"
    )
    return accident


async def fallen_house(stage: Stage) -> str:
    """长沙 4·29: fifty-four dead; its report opens meetings for everybody."""
    day = "2022-04-29"
    await stage.at(on(day, "13:30"))
    opened = report(
        "quick",
        occurred_at=on(day, "12:24"),
        known_at=on(day, "12:40"),
        region_code="430112",
        place="望城区一栋居民自建房",
        industry="self_built_housing",
        accident_type="collapse",
        casualties={"deaths": 54, "minor_injuries": 9},
        direct_loss_wan=9077.86,
        summary="居民自建房整体倒塌；数字为最终核定数。",
    )
    accident = str((await stage.do("province_duty_desk", REPORTS, opened))["accident_id"])
    await stage.settle()
    # Whoever answers for the house called the province itself, whose desk took the report.
    await tell_province(stage, "province_duty_desk", accident, "省厅值班室接报")
    await stage.at(on(day, "13:45"))
    await everybody_acknowledges(stage, accident)
    await telephone(stage, "province_duty_desk", accident, "430000.emergency")
    await forward(stage, "province_duty_desk", accident, "430000.emergency")
    await end_rescue(stage, "province_duty_desk", accident, "被困人员全部找到。")
    await stage.at(on("2023-05-21", "09:00"))
    await publish(
        stage,
        "province_investigator",
        accident,
        "2023-05-21",
        "长沙“4·29”特别重大居民自建房倒塌事故调查报告",
        source="应急管理部网站2023年5月21日公布",
    )
    await stage.settle()
    return accident


async def hidden_death(stage: Stage) -> str:
    """Invented: a death was concealed, so the investigation climbs one level."""
    day = "2023-06-05"
    await stage.at(on(day, "09:20"))
    opened = report(
        "quick",
        enterprise_uscc=stage.uscc("other_enterprise"),
        occurred_at=on(day, "08:30"),
        known_at=on(day, "08:35"),
        region_code="430405",
        place="机加工车间",
        industry="industry_trade",
        accident_type="机械伤害",
        casualties={"deaths": 0, "serious_injuries": 1},
    )
    accident = str((await stage.do("other_enterprise", REPORTS, opened))["accident_id"])
    await stage.settle()
    await end_rescue(stage, "city_duty_desk", accident, "伤者已送医，现场处置完毕。")
    await stage.at(on("2023-06-08", "15:00"))
    found = {
        "accident_id": accident,
        "kind": "concealed",
        "status": "preliminary",
        "evidence": "医院记录显示当日另有1人死亡，企业未报告。",
    }
    await stage.do("investigator", "/api/v1/incidents/findings", found)
    await stage.settle()
    return accident


async def found_by_hotline(stage: Stage) -> str:
    """Invented: nobody reports a death; the 12350 hotline hears of it, and the desk finds it."""
    await stage.at(on("2023-06-20", "10:00"))
    sign = {
        "lead_id": str(uuid7()),
        "source": "hotline",
        "region_code": "430481",
        "place": "东岭煤矿二采区",
        "occurred_at": on("2023-06-18", "02:00").isoformat(),
        "uncertain_by_hours": 12,
        "enterprise_uscc": stage.uscc("enterprise"),
        "deaths_alleged": 1,
        "account": "来电称夜班顶板掉落砸死一名工人，矿上私了未报。",
        "informant": {"name": "来电人", "contact": "0734-0000000"},
    }
    lead = (await stage.hand_in("hotline_12350", LEADS, sign))["id"]
    await stage.settle()
    await stage.at(on("2023-06-20", "10:12"))
    await acknowledge(stage, "county_duty_desk", lead)
    await acknowledge(stage, "city_duty_desk", lead)
    await stage.at(on("2023-06-23", "16:00"))
    checked = {"note": "调取殡葬、医保和下井记录，初步查证属实。"}
    await stage.do("county_duty_desk", f"{LEADS}/{lead}/first-check", checked)
    await stage.at(on("2023-06-25", "09:30"))
    opened = report(
        "quick",
        enterprise_uscc=stage.uscc("enterprise"),
        occurred_at=on("2023-06-18", "01:40"),
        known_at=on("2023-06-18", "02:10"),
        region_code="430481",
        place="东岭煤矿二采区",
        industry="coal_mining",
        accident_type="roof_fall",
        casualties={"deaths": 1},
        summary="经举报核查发现，企业未报告。",
    )
    accident = str((await stage.do("county_duty_desk", REPORTS, opened))["accident_id"])
    await stage.settle()
    found = {"accident_id": accident, "evidence": "火化证明和下井记录与举报一致，企业承认未报。"}
    await stage.do("investigator", f"{LEADS}/{lead}/confirm", found)
    await stage.settle()
    followed = await stage.pull("hotline_12350", f"{LEADS}/{lead}/status")
    assert followed["status"] == "confirmed"
    return accident


HOSPITAL = "91430407MA4T00019G"
"""The invented hospital that stands in for the real one; see reference/hengyang."""

SCENES: Mapping[str, Scene] = {
    "mine": Scene(
        "耒阳源江山煤矿“11·29”重大透水事故（2020）",
        "Flooding of the Yuanjiangshan coal mine, Leiyang, 29 November 2020",
        flooded_mine,
    ),
    "hospital": Scene(
        "衡阳来雁医院“1·8”较大火灾事故（2022）",
        "Fire in the Laiyan hospital, Hengyang, 8 January 2022",
        hospital_fire,
    ),
    "house": Scene(
        "长沙“4·29”特别重大居民自建房倒塌事故（2022）",
        "Collapse of a self-built house, Changsha, 29 April 2022",
        fallen_house,
    ),
    "concealed": Scene(
        "虚构：一起瞒报死亡的事故，提级调查",
        "Invented: a concealed death, and an investigation that climbs",
        hidden_death,
    ),
    "hotline": Scene(
        "虚构：12350 举报查实一起无人报告的煤矿死亡事故",
        "Invented: the 12350 hotline hears of a death in a mine that nobody reported",
        found_by_hotline,
    ),
}
