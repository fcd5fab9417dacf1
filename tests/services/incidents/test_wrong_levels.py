"""What a higher level has in hand is not decided by the one below, where it all happened."""

from datetime import date, datetime
from typing import Any

import pytest

from contracts.incidents import FindingDismissed, LeadSettled
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from services.incidents.evaluations.tables import Evaluation
from services.incidents.findings.tables import Finding
from services.incidents.lookbacks.tables import Lookback
from services.incidents.teams.tables import Member
from tests.services.incidents.casework import COUNTY_TEAM, PROVINCE_OFFICE, leader
from tests.services.incidents.clues import handed_in
from tests.services.incidents.conftest import CITY_DESK, COUNTY_DESK, INVESTIGATOR, reported
from tests.services.incidents.story import (
    LEAD,
    LEADER,
    OFFICE,
    done,
    named,
    post,
    published,
    recommended,
    refused,
    teamed,
    who,
)
from tests.services.stage import Stage

BELOW = (403, "stands-below")
COUNTY_LEADER = leader("430481.government")
COUNTY_OFFICE = leader("430481.committee_office", role="committee_office")
PROVED = who("committee_office", "addressee", region="430481", unit="430481.government")


@pytest.mark.parametrize(
    ("deaths", "by", "may"),
    [
        (2, COUNTY_OFFICE, True),
        (3, COUNTY_OFFICE, False),
        (3, OFFICE, True),
        (10, OFFICE, False),
        (10, PROVINCE_OFFICE, True),
    ],
)
async def test_a_team_is_named_at_the_level_that_investigates_or_above(
    incidents: Stage, deaths: int, by: Principal, may: bool
) -> None:
    told = await reported(incidents, industry="C26", casualties={"deaths": deaths})
    body = {"accident_id": told["accident_id"], "name": "张三丰", "organ": "police"}
    answer = await post(incidents, by, "/teams/members", **body)

    assert answer.is_success is may
    assert len(await incidents.rows(Member)) == int(may)
    if not may:
        assert answer.json()["type"] == "/problems/stands-below"
        assert answer.json()["unit"] == told["investigating_unit"]


async def test_nobody_below_lets_members_of_a_team_come_or_go(incidents: Stage) -> None:
    accident, lead, _ = await teamed(incidents)
    invited = await named(incidents, accident, None, organ="police", invited=True)

    path = "/teams/members/{}/{}".format
    assert await refused(incidents, COUNTY_OFFICE, path(lead["id"], "release")) == BELOW
    assert await refused(incidents, COUNTY_OFFICE, path(invited["id"], "join")) == BELOW
    await done(incidents, OFFICE, path(invited["id"], "join"))


@pytest.mark.parametrize("action", ["uphold", "dismiss"])
async def test_nobody_below_decides_who_stands_aside(incidents: Stage, action: str) -> None:
    _, _, second = await teamed(incidents)
    body = {"member_id": second["id"], "relation": "supervised", "ground": "g"}
    asked = (await done(incidents, OFFICE, "/teams/recusals", **body))["id"]
    path = f"/teams/recusals/{asked}/{action}"

    assert await refused(incidents, COUNTY_LEADER, path, reason="r") == BELOW
    await done(incidents, LEADER, path, reason="r")


@pytest.mark.parametrize("action", ["approve", "refuse"])
async def test_nobody_below_decides_on_a_transfer(incidents: Stage, action: str) -> None:
    accident, lead, _ = await teamed(incidents)
    body = {"accident_id": accident, "addressee": "discipline", "matter": "m"}
    proposed = await done(incidents, LEAD, "/transfers", **body, officers=[lead["id"]])
    path = f"/transfers/{proposed['id']}/{action}"

    assert await refused(incidents, COUNTY_LEADER, path, note="n") == BELOW
    await done(incidents, LEADER, path, note="n")


async def test_proof_is_not_accepted_by_a_sister_of_who_handed_it_in(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    path = f"/recommendations/{(await recommended(incidents, accident))['id']}"
    await done(incidents, PROVED, f"{path}/proofs", note="已完成整治")
    for action in ("accept", "return"):
        assert await refused(incidents, COUNTY_OFFICE, f"{path}/{action}", remark="r") == BELOW

    await done(incidents, OFFICE, f"{path}/accept", remark="r")
    assert await refused(incidents, COUNTY_OFFICE, f"{path}/close") == BELOW
    await done(incidents, OFFICE, f"{path}/close")


async def test_nobody_below_evaluates_or_looks_back(incidents: Stage) -> None:
    accident, *_ = await teamed(incidents)
    incidents.now = datetime(2023, 9, 10, 10, tzinfo=SHANGHAI)
    day = date(2023, 9, 10)
    await published(incidents, accident, published_on=day, approved_on=day)
    [evaluation], [lookback] = await incidents.rows(Evaluation), await incidents.rows(Lookback)
    incidents.now = datetime(2024, 7, 11, tzinfo=SHANGHAI)
    await incidents.fire_until(incidents.now)
    evaluate, look = f"/evaluations/{evaluation.id}", f"/lookbacks/{lookback.id}/make"
    ends: dict[str, Any] = {"result": "implemented", "conclusion": "c"}
    out = {"published_on": "2024-07-10", "title": "评估报告"}

    assert await refused(incidents, COUNTY_OFFICE, f"{evaluate}/conclude", **ends) == BELOW
    assert await refused(incidents, COUNTY_TEAM, look, result="lasting", note="n") == BELOW
    await done(incidents, OFFICE, f"{evaluate}/conclude", **ends)
    assert await refused(incidents, COUNTY_OFFICE, f"{evaluate}/publication", **out) == BELOW
    await done(incidents, OFFICE, f"{evaluate}/publication", **out)
    await done(incidents, OFFICE, look, result="lasting", note="n")


@pytest.mark.parametrize(("by", "may"), [(INVESTIGATOR, False), (COUNTY_DESK, True)])
async def test_a_county_drops_no_suspicion_that_the_city_raised(
    incidents: Stage, by: Principal, may: bool
) -> None:
    """One person drops a mere suspicion, so it must not be one of those it may be about."""
    told = await reported(incidents, industry="C26", casualties={"deaths": 1})
    body = {"accident_id": told["accident_id"], "kind": "concealed", "evidence": "火化记录"}
    finding = (await done(incidents, by, "/findings", **body))["id"]
    answer = await post(incidents, COUNTY_TEAM, f"/findings/{finding}/dismiss", reason="r")

    assert answer.is_success is may
    assert len(await incidents.told(FindingDismissed)) == int(may)
    [kept] = await incidents.rows(Finding)
    assert kept.status == ("dismissed" if may else "suspected")
    if not may:
        assert answer.json()["type"] == "/problems/stands-below"
        await done(incidents, OFFICE, f"/findings/{finding}/dismiss", reason="r")


@pytest.mark.parametrize("action", ["dismiss", "first-check"])
@pytest.mark.parametrize(("took", "may"), [(CITY_DESK, False), (COUNTY_DESK, True)])
async def test_a_lead_that_the_city_checks_is_not_settled_by_the_county(
    incidents: Stage, took: Principal, may: bool, action: str
) -> None:
    lead = await handed_in(incidents, by=took)
    path = f"/leads/{lead['id']}/{action}"
    answer = await post(incidents, COUNTY_DESK, path, note="查无此事")

    assert answer.is_success is may
    if not may:
        assert answer.json()["type"] == "/problems/stands-below"
        assert await incidents.told(LeadSettled) == []
        await done(incidents, CITY_DESK, path, note="查无此事")
