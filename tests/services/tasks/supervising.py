"""Supervisory orders to draft, and those who draft, sign, owe, answer and judge them."""

from typing import Any

import httpx

from contracts.gateway import Role
from services.tasks.supervisions.tables import Supervision
from tests.services.stage import Stage
from tests.services.tasks.hotline import at
from tests.services.tasks.story import CITY, COUNTY, person

SUPERVISIONS = "/tasks/supervisions"
ISSUER, HOUSING_UNIT, GAS_UNIT = (
    f"{CITY}.committee_office",
    f"{COUNTY}.housing",
    f"{COUNTY}.urban_management",
)
DRAFTER = person(Role.COMMITTEE_OFFICE, ISSUER, subject="drafter")
COLLEAGUE = person(Role.COMMITTEE_OFFICE, ISSUER, subject="colleague")
SIGNER = person(Role.LEADER, ISSUER, subject="signer")
MAYOR = person(Role.LEADER, f"{CITY}.government", subject="mayor")
CITY_HOUSING_HEAD = person(Role.LEADER, f"{CITY}.housing", subject="head of housing")
HOUSING = person(Role.INSPECTOR, HOUSING_UNIT, subject="housing")
GAS = person(Role.INSPECTOR, GAS_UNIT, subject="gas")
COUNTY_OFFICE = person(Role.COMMITTEE_OFFICE, f"{COUNTY}.committee_office", subject="county")
ELSEWHERE = person(Role.LEADER, "430426.emergency", subject="elsewhere")

DUE = at(6, 20)
"""24:00 of Monday 19 June: ten working days after MONDAY."""
FIVE = {
    one: {"in_place": True, "evidence": "有文件"}
    for one in ("responsibility", "measures", "funds", "time_limit", "emergency_plan")
}
MEETING = {
    "at": "2023-06-08T09:00:00+08:00",
    "place": "市应急管理局三楼会议室",
    "interviewees": [f"{HOUSING_UNIT}.principal"],
}


def new(kind: str = "assignment", **changed: Any) -> dict[str, Any]:
    """An order as somebody drafts it, over a hazard by default."""
    body: dict[str, Any] = {
        "kind": kind,
        "cause": "free",
        "cause_reason": "专项督查发现的问题",
        "addressees": [HOUSING_UNIT],
        "title": "关于限期整改农贸市场安全隐患",
        "matters": ["拆除违规搭建的夹层。", "补齐消防设施。"],
        "basis": "《中华人民共和国安全生产法》第四十一条",
    }
    if kind == "interview":
        body["meeting"] = MEETING
    return body | changed


async def do(tasks: Stage, by: Any, path: str, **body: Any) -> httpx.Response:
    """What somebody does with an order: its id and the route below it."""
    return await tasks.as_(by).post(f"{SUPERVISIONS}/{path}", json=body)


async def drafted(tasks: Stage, kind: str = "assignment", by: Any = DRAFTER, **changed: Any) -> str:
    """A draft; its id."""
    answer = await tasks.as_(by).post(SUPERVISIONS, json=new(kind, **changed))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def issued(tasks: Stage, kind: str = "assignment", **changed: Any) -> str:
    """An order that went out; its id."""
    supervision = await drafted(tasks, kind, **changed)
    answer = await do(tasks, SIGNER, f"{supervision}/issue")
    assert answer.status_code == 200, answer.text
    return supervision


async def received(tasks: Stage, kind: str = "assignment", **changed: Any) -> str:
    """An order that its addressee signed for; its id."""
    supervision = await issued(tasks, kind, **changed)
    answer = await do(tasks, HOUSING, f"{supervision}/receive")
    assert answer.status_code == 200, answer.text
    return supervision


async def answered(tasks: Stage, kind: str = "assignment", **changed: Any) -> str:
    """An order with an answer that does; its id."""
    supervision = await received(tasks, kind, **changed)
    five = FIVE if kind == "listing" or changed.get("cause") == "hazard" else None
    answer = await do(tasks, HOUSING, f"{supervision}/answers", text="已拆除。", five=five)
    assert answer.status_code == 201, answer.text
    return supervision


async def row(tasks: Stage, supervision: str) -> Supervision:
    """An order as it stands."""
    [found] = [r for r in await tasks.rows(Supervision) if str(r.id) == supervision]
    return found
