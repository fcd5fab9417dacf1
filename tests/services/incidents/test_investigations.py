"""Findings, escalation, publication, and the story they make."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.incidents import FindingMade, InvestigationEscalated, InvestigationPublished
from kernel.access import Principal
from services.incidents.accidents.tables import Accident
from services.incidents.findings.tables import Finding
from services.incidents.investigations.domain import INVESTIGATION_DUE
from services.incidents.investigations.tables import Assignment
from tests.services.incidents.casework import CITY_TEAM, COUNTY_TEAM, done, larger, leader
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    PROVINCE_DESK,
    SECOND_INVESTIGATOR,
    Body,
    heard,
    reported,
)
from tests.services.stage import Stage

PROVINCE = leader("430000.emergency", role="investigator")


async def concealed(
    stage: Stage, accident_id: str, by: Principal = INVESTIGATOR, **said: str
) -> Body:
    usual = {"kind": "concealed", "status": "preliminary", "evidence": "医院记录"}
    finding = {"accident_id": accident_id} | usual | said
    answer = await stage.as_(by).post("/incidents/findings", json=finding)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_concealment_lifts_the_investigation_by_one_level_once(incidents: Stage) -> None:
    accident = await reported(incidents, industry="C26", casualties={"deaths": 3})
    await concealed(incidents, accident["accident_id"])
    await concealed(incidents, accident["accident_id"], by=SECOND_INVESTIGATOR, status="confirmed")

    assert len(await incidents.told(FindingMade)) == 2
    [told] = await incidents.told(InvestigationEscalated)
    assert (told["from_level"], told["to_level"]) == ("city", "province")
    assert told["to_unit"] == "430000.government"
    assert told["rule"].startswith("hy-plan-2023 9.12@")
    [kept] = await incidents.rows(Accident)
    assert (kept.investigating_level, kept.levels_up) == ("province", 1)
    held = await incidents.rows(Assignment)
    assert [row.reason for row in held] == ["graded", "escalated"]


@pytest.mark.parametrize("kind", ["late", "omitted", "false"])
async def test_other_findings_leave_the_investigation_where_it_is(
    incidents: Stage, kind: str
) -> None:
    accident = await reported(incidents)
    await concealed(incidents, accident["accident_id"], kind=kind)

    assert len(await incidents.told(FindingMade)) == 1
    assert await incidents.told(InvestigationEscalated) == []


async def test_at_the_top_there_is_nowhere_to_climb(incidents: Stage) -> None:
    accident = await reported(incidents, casualties={"deaths": 30})
    await concealed(incidents, accident["accident_id"])

    assert await incidents.told(InvestigationEscalated) == []


async def test_a_report_of_an_investigation_is_published_once(incidents: Stage) -> None:
    accident = await larger(incidents)
    incidents.now += timedelta(days=60)
    body = {"published_on": "2023-07-31", "title": "调查报告", "url": "https://example.org/1"}
    path = f"/incidents/investigations/{accident}/publication"
    client = incidents.as_(INVESTIGATOR, **{"Idempotency-Key": "p-1"})
    first, again = [await client.post(path, json=body) for _ in range(2)]
    twice = await incidents.as_(INVESTIGATOR).post(path, json=body)

    assert (first.status_code, first.content) == (201, again.content)
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/already-published")
    [told] = await incidents.told(InvestigationPublished)
    assert (told["published_on"], told["grade"]) == ("2023-07-31", "larger")
    seen = (await incidents.as_(INVESTIGATOR).get(f"/incidents/investigations/{accident}")).json()
    assert seen["publication"]["title"] == "调查报告"
    assert [held["reason"] for held in seen["assignments"]] == ["graded"]


async def published(stage: Stage, accident: str, by: Principal, **said: str) -> Any:
    body = {"published_on": "2023-06-01", "title": "调查报告"} | said
    path = f"/incidents/investigations/{accident}/publication"
    return await stage.as_(by).post(path, json=body)


@pytest.mark.parametrize(("by", "status"), [(COUNTY_TEAM, 403), (CITY_TEAM, 201), (PROVINCE, 201)])
@pytest.mark.parametrize("said", [{}, {"source": "市政府网站"}])
async def test_a_case_of_the_city_is_published_at_its_level_or_above(
    incidents: Stage, by: Principal, status: int, said: Body
) -> None:
    accident = await larger(incidents)
    await heard(incidents)
    answer = await published(incidents, accident, by, **said)

    assert answer.status_code == status, answer.text
    if status == 403:
        assert (answer.json()["type"], answer.json()["holder"]) == (
            "/problems/not-the-publisher",
            "430400.government",
        )
        assert await incidents.told(InvestigationPublished) == []
    running = await incidents.fire_until(incidents.now + timedelta(days=61), INVESTIGATION_DUE)
    assert running == (1 if status == 403 else 0)


async def test_what_a_higher_government_published_is_passed_on_with_its_source(
    incidents: Stage,
) -> None:
    accident = await larger(incidents, casualties={"deaths": 10})
    bare = await published(incidents, accident, CITY_TEAM)
    source = "湖南省应急管理厅网站"
    answer = await published(incidents, accident, CITY_TEAM, source=source)

    assert (bare.status_code, bare.json()["level"]) == (403, "province")
    assert (answer.status_code, answer.json()["source"]) == (201, source)
    story = await incidents.as_(CITY_TEAM).get(f"/incidents/accidents/{accident}/timeline")
    [entry] = [one for one in story.json()["entries"] if one["kind"] == "published"]
    assert source in entry["zh"]
    assert source in entry["en"]


async def test_nobody_below_ends_a_case_that_a_higher_government_began_here(
    incidents: Stage,
) -> None:
    accident = await larger(incidents, casualties={"deaths": 10})
    await done(incidents, PROVINCE, accident, "begin")
    answer = await published(incidents, accident, CITY_TEAM, source="湖南省应急管理厅网站")

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-publisher")


@pytest.mark.parametrize(("day", "status"), [("2023-05-31", 422), ("2023-06-01", 201)])
async def test_a_report_is_not_published_before_its_case_began(
    incidents: Stage, day: str, status: int
) -> None:
    accident = await larger(incidents)
    answer = await published(incidents, accident, CITY_TEAM, published_on=day)

    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["code"] == "before_beginning"


async def test_a_report_cannot_be_published_tomorrow(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    answer = await incidents.as_(INVESTIGATOR).post(
        f"/incidents/investigations/{accident}/publication",
        json={"published_on": "2023-06-02", "title": "调查报告"},
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/published_on")


@pytest.mark.parametrize(
    ("by", "status"), [(COUNTY_DESK, 201), (OTHER_COUNTY_DESK, 404), (ENTERPRISE, 403)]
)
async def test_findings_are_made_by_those_above(
    incidents: Stage, by: Principal, status: int
) -> None:
    accident = (await reported(incidents))["accident_id"]
    answer = await incidents.as_(by).post(
        "/incidents/findings",
        json={"accident_id": accident, "kind": "late", "evidence": "通话记录"},
    )

    assert answer.status_code == status
    assert len(await incidents.rows(Finding)) == (1 if status == 201 else 0)


async def test_the_timeline_tells_who_was_told_when_it_was_due_and_what_was_late(
    incidents: Stage,
) -> None:
    answer = await reported(incidents)
    accident, [first, _] = answer["accident_id"], answer["relays"]
    incidents.now += timedelta(hours=2, seconds=90)
    await incidents.fire_until(incidents.now)
    await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/forward")
    await concealed(incidents, accident)
    story = (
        await incidents.as_(PROVINCE_DESK).get(f"/incidents/accidents/{accident}/timeline")
    ).json()["entries"]

    assert [entry["at"] for entry in story] == sorted(entry["at"] for entry in story)
    kinds = [entry["kind"] for entry in story]
    assert kinds[:2] == ["occurred", "reported"]
    assert {"graded", "investigation", "relay_planned", "relay_overdue", "finding"} <= set(kinds)
    [made] = [entry for entry in story if entry["kind"] == "relay_forwarded"]
    assert (made["late_by_seconds"], made["unit"]) == (90, "430481.emergency")
    assert made["zh"] == "耒阳市应急管理局上报衡阳市应急管理局"
    assert all(entry["zh"] and entry["en"] for entry in story)


async def test_an_enterprise_reads_its_story_without_the_findings(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    await concealed(incidents, accident)
    story = await incidents.as_(ENTERPRISE).get(f"/incidents/accidents/{accident}/timeline")

    assert "finding" not in [entry["kind"] for entry in story.json()["entries"]]
    assert "医院记录" not in story.text
