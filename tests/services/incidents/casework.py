"""The course of an investigation, told step by step by those who take part in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from kernel.access import Principal
from services.incidents.closings.domain import Question
from services.incidents.dossiers.domain import Part
from services.incidents.teams.tables import Member
from tests.services.incidents.conftest import Body, reported
from tests.services.stage import Stage


def leader(unit: str, *, role: str = "leader") -> Principal:
    region = unit.partition(".")[0]
    prefix = region.removesuffix("00").removesuffix("00").removesuffix("00")
    return Principal(subject=f"{role} of {unit}", roles=frozenset({role}), region=prefix, unit=unit)


COUNTY_LEADER = leader("430481.government")
CITY_LEADER = leader("430400.government")
PROVINCE_LEADER = leader("430000.government")
PROVINCE_OFFICE = leader("430000.committee_office", role="committee_office")
CITY_OFFICE = leader("430400.committee_office", role="committee_office")
CITY_TEAM = leader("430400.emergency", role="investigator")
COUNTY_TEAM = leader("430481.emergency", role="investigator")

PROVINCE_TEAM = leader("430000.emergency", role="investigator")

DOCUMENT = {"reason": "案情复杂", "document": "衡政函〔2023〕1号"}


async def larger(stage: Stage, **changes: Any) -> str:
    """An accident that the city investigates."""
    told = await reported(
        stage, **{"industry": "C26", "casualties": {"deaths": 3}, "direct_loss_wan": 10} | changes
    )
    return str(told["accident_id"])


async def post(
    stage: Stage, by: Principal, accident: str, path: str, body: Body | None = None
) -> httpx.Response:
    return await stage.as_(by).post(f"/incidents/investigations/{accident}/{path}", json=body)


async def put(stage: Stage, by: Principal, accident: str, path: str, body: Body) -> httpx.Response:
    return await stage.as_(by).put(f"/incidents/investigations/{accident}/{path}", json=body)


async def get(stage: Stage, by: Principal, accident: str, path: str = "") -> Any:
    answer = await stage.as_(by).get(f"/incidents/investigations/{accident}/{path}".rstrip("/"))
    assert answer.is_success, answer.text
    return answer.json()


async def done(
    stage: Stage, by: Principal, accident: str, path: str, body: Body | None = None
) -> Any:
    answer = await post(stage, by, accident, path, body)
    assert answer.is_success, answer.text
    return answer.json()


ORGANS = ("government", "emergency", "regulator", "supervision", "police", "union", "procuratorate")


def office_of(team: Principal) -> Principal:
    """Who names the team at the level of whoever investigates."""
    if team.unit is None:
        return CITY_OFFICE
    return leader(f"{team.unit.partition('.')[0]}.committee_office", role="committee_office")


async def manned(
    stage: Stage,
    accident: str,
    *,
    without: str | None = None,
    office: Principal = CITY_OFFICE,
    lead: Principal = CITY_TEAM,
) -> None:
    """A team with a lead and every organ that the law names, or all but one of them.

    Only the lead has an account.
    """
    for organ in ORGANS:
        if organ != without:
            leads = organ == "government"
            asked = {"invited": organ == "procuratorate"}
            body = {"accident_id": accident, "name": "李四光", "organ": organ}
            body |= {"part": "lead", "account": lead.subject} if leads else {"part": "member"}
            answer = await stage.as_(office).post("/incidents/teams/members", json=body | asked)
            assert answer.is_success, answer.text


async def written(stage: Stage, accident: str, by: Principal = CITY_TEAM) -> None:
    """All six parts, by a whole team that signs them."""
    await worded(stage, accident, by)
    if by.uscc is None:
        await signed(stage, accident)


async def worded(stage: Stage, accident: str, by: Principal = CITY_TEAM) -> None:
    """All six parts, by a whole team."""
    office = office_of(by)
    team = (await stage.as_(office).get(f"/incidents/teams/{accident}")).json()
    if not team["members"]:
        await manned(stage, accident, office=office, lead=by)
    for part in Part:
        answer = await put(stage, by, accident, f"dossier/{part}", {"text": f"{part}内容"})
        assert answer.is_success, answer.text


async def sheet_of(stage: Stage, accident: str, by: Principal = CITY_OFFICE) -> Body:
    sheet: Body = await get(stage, by, accident, "signatures")
    return sheet


async def signed(stage: Stage, accident: str) -> None:
    """Whoever has not signed the report as it reads does so: by account, or on a sheet."""
    sheet = await sheet_of(stage, accident, PROVINCE_OFFICE)
    content = {"content_sha256": sheet["content_sha256"]}
    accounts = {one.id: one.account for one in await stage.rows(Member)}
    lead = next((one for one in sheet["lines"] if one["part"] == "lead"), None)
    for line in sheet["lines"]:
        if line["status"] != "outstanding":
            continue
        account = accounts[UUID(line["member_id"])]
        if account is not None:
            await done(stage, with_account(account), accident, "signatures", content)
        elif lead is not None:
            by = with_account(accounts[UUID(lead["member_id"])])
            path = f"signatures/{line['member_id']}/sheet"
            await done(stage, by, accident, path, content | {"sheet": "签名页一"})


def with_account(account: str | None) -> Principal:
    """The investigator behind an account of a team, wherever the case is held."""
    assert account is not None
    return replace(PROVINCE_TEAM, subject=account)


async def submitted(stage: Stage, accident: str, by: Principal = CITY_TEAM) -> None:
    await done(stage, by, accident, "begin")
    await written(stage, accident, by)
    await done(stage, by, accident, "submissions")


async def approved(stage: Stage, accident: str) -> None:
    await submitted(stage, accident)
    await done(stage, CITY_LEADER, accident, "decision", {"decision": "approved", **DOCUMENT})


async def settled(stage: Stage, accident: str) -> None:
    await settled_by(stage, accident, CITY_TEAM)


async def settled_by(stage: Stage, accident: str, by: Principal) -> None:
    for question in Question:
        body = {"met": True, "evidence": "见附件"}
        answer = await put(stage, by, accident, f"questions/{question}", body)
        assert answer.is_success, answer.text


async def closed(stage: Stage, accident: str) -> None:
    await approved(stage, accident)
    stage.now += timedelta(days=1)
    day = stage.now.date().isoformat()
    await done(
        stage, CITY_TEAM, accident, "publication", {"published_on": day, "title": "调查报告"}
    )
    await settled(stage, accident)
    await done(stage, CITY_LEADER, accident, "close")


async def everything(stage: Stage, accident: str) -> None:
    """A row in every table that an investigation has."""
    entrusted = {"to": "430400.emergency", **DOCUMENT}
    await done(stage, CITY_LEADER, accident, "delegations", entrusted)
    ground = {"ground": "other", "taken": False, "reason": "市级已依法开展"}
    await done(stage, PROVINCE_LEADER, accident, "climbs", ground)
    notice = {"notice": "湘安督〔2023〕1号", "matters": "查明原因"}
    day = {"notified_on": stage.now.date().isoformat()}
    await done(stage, PROVINCE_OFFICE, accident, "supervision", notice | day)
    await done(stage, CITY_LEADER, accident, "extensions", {"days": 10, **DOCUMENT})
    await done(stage, CITY_TEAM, accident, "begin")
    began = {"subject": "爆炸原因", "institution": "鉴定中心", "began_on": day["notified_on"]}
    appraisal = await done(stage, CITY_TEAM, accident, "appraisals", began)
    end = {"ended_on": day["notified_on"]}
    await done(stage, CITY_TEAM, accident, f"appraisals/{appraisal['id']}/end", end)
    await written(stage, accident)
    await done(stage, CITY_TEAM, accident, "submissions")
    await done(stage, PROVINCE_OFFICE, accident, "supervision/consent", {"opinion": "同意"})
    await settled(stage, accident)
