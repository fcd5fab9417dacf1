"""What follows an accident, told by the people who act in it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from contracts.incidents import InvestigationPublished
from kernel.access import Principal
from kernel.files import Objects
from reference.terms import Grade
from tests.services.incidents.conftest import INVESTIGATOR, Body, reported
from tests.services.stage import Stage

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def who(role: str, subject: str, *, region: str = "4304", unit: str = "430400.emergency") -> Any:
    return Principal(subject=subject, roles=frozenset({role}), region=region, unit=unit)


LEADER = who("leader", "leader", unit="430400.government")
OFFICE = who("committee_office", "office", unit="430400.committee_office")
LEAD = INVESTIGATOR
SECOND = who("investigator", "second")
COUNTY_OFFICE = who("committee_office", "county", region="430481", unit="430481.government")
STRANGER = who("investigator", "stranger")
ORGANS = ("government", "emergency", "regulator", "supervision", "police", "union")


async def post(stage: Stage, by: Principal, path: str, **body: Any) -> httpx.Response:
    return await stage.as_(by).post(f"/incidents{path}", json=body)


async def done(stage: Stage, by: Principal, path: str, **body: Any) -> Body:
    answer = await post(stage, by, path, **body)
    assert answer.is_success, answer.text
    result: Body = answer.json()
    return result


async def refused(stage: Stage, by: Principal, path: str, **body: Any) -> tuple[int, str]:
    answer = await post(stage, by, path, **body)
    assert not answer.is_success, answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def named(stage: Stage, accident: str, by: Principal | None, **said: Any) -> Body:
    body = {
        "accident_id": accident,
        "name": "张三丰",
        "organ": "emergency",
        "account": by.subject if by else None,
        **said,
    }
    return await done(stage, OFFICE, "/teams/members", **body)


async def teamed(stage: Stage) -> tuple[str, Body, Body]:
    """An accident with a lead and a second member on its team."""
    accident = (await reported(stage, industry="C26", casualties={"deaths": 3}))["accident_id"]
    lead = await named(stage, accident, LEAD, part="lead")
    second = await named(stage, accident, SECOND)
    return accident, lead, second


def keep_files(stage: Stage, folder: Path) -> Objects:
    objects = Objects.at(str(folder))
    stage.application.state.runtime.objects = objects
    return objects


async def handed_in(
    stage: Stage, accident: str, by: Principal = LEAD, content: bytes = PNG, **said: Any
) -> httpx.Response:
    described = {
        "accident_id": accident,
        "kind": "photograph",
        "title": "井口照片",
        "collected_at": stage.now.isoformat(),
        "giver": "李四",
        "taker": "王五",
        "why": "现场勘查",
        **said,
    }
    headers = {"content-type": "image/png"}
    return await stage.as_(by, **headers).post(
        "/incidents/evidence", params=described, content=content
    )


async def recommended(stage: Stage, accident: str, by: Principal = LEAD, **said: Any) -> Body:
    body = {
        "accident_id": accident,
        "kind": "rectification",
        "unit": "430481.government",
        "text": "开展专项整治",
        "due_on": "2023-07-01",
        **said,
    }
    return await done(
        stage, by, "/recommendations", **{k: v for k, v in body.items() if v is not None}
    )


async def attached(
    stage: Stage, by: Principal, recommendation: str, content: bytes = PNG
) -> httpx.Response:
    client = stage.as_(by, **{"content-type": "image/png"})
    return await client.post(f"/incidents/recommendations/{recommendation}/files", content=content)


async def published(
    stage: Stage, accident: str, *, grade: Grade = Grade.LARGER, **said: Any
) -> Any:

    event = InvestigationPublished(
        occurred_at=stage.now,
        accident_id=UUID(accident),
        region_code="430481",
        grade=grade,
        **said,
    )
    await stage.hear(event)
    return event


async def fill_aftermath(stage: Stage, accident: str, folder: Path) -> None:
    """A row in every table of what follows an accident."""
    keep_files(stage, folder)
    lead = await named(stage, accident, LEAD, part="lead")
    second = await named(stage, accident, SECOND)
    asked = {"member_id": second["id"], "relation": "other", "ground": "g"}
    await done(stage, OFFICE, "/teams/recusals", **asked)
    due = (stage.now + timedelta(days=1)).isoformat()
    step = {"accident_id": accident, "member_id": lead["id"], "task": "t", "due_at": due}
    await done(stage, LEAD, "/steps", **step)
    item = (await handed_in(stage, accident)).json()["id"]
    await done(stage, LEAD, f"/evidence/{item}/withdrawal", reason="r")
    one = await recommended(stage, accident)
    await done(stage, COUNTY_OFFICE, f"/recommendations/{one['id']}/proofs", note="n")
    await attached(stage, COUNTY_OFFICE, one["id"])
    officers = [lead["id"], second["id"]]
    transfer = {"accident_id": accident, "addressee": "police", "matter": "m"}
    await done(stage, LEAD, "/transfers", **transfer, officers=officers)
    await published(stage, accident, published_on=date(2023, 9, 10))
