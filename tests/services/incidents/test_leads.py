"""Signs of concealed accidents: matched, alarmed, checked in time, settled; their givers sealed."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.incidents import (
    FindingMade,
    InvestigationEscalated,
    LeadOverdue,
    LeadSettled,
    LeadUnmatched,
)
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from reference.terms import LeadStep
from services.incidents.findings.tables import Finding
from services.incidents.leads import operations as leads
from services.incidents.leads.tables import Lead
from tests.services.incidents.clues import (
    HOTLINE,
    OFFICE,
    OTHER_HOTLINE,
    RESULT_DUE,
    do,
    handed_in,
    lead_body,
    read,
)
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    HAPPENED,
    INVESTIGATOR,
    PROVINCE,
    Body,
    reported,
)
from tests.services.stage import Stage

FIRST_CHECK_DUE = datetime(2023, 6, 7, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


async def test_a_sign_that_nobody_reported_alarms_at_once_and_a_check_is_owed(
    incidents: Stage,
) -> None:
    lead = await handed_in(incidents)

    [told] = await incidents.told(LeadUnmatched)
    assert (told["lead_id"], told["unit"]) == (lead["id"], "430481.emergency")
    assert (told["source"], told["deaths_alleged"], told["reported_as"]) == ("hotline", 2, None)
    assert lead["status"] == "checking"
    assert datetime.fromisoformat(lead["first_check_due_at"]) == FIRST_CHECK_DUE
    assert datetime.fromisoformat(lead["result_due_at"]) == RESULT_DUE


async def test_a_sign_of_a_reported_accident_is_linked_and_nobody_is_alarmed(
    incidents: Stage,
) -> None:
    accident = await reported(incidents, casualties={"deaths": 2})
    lead = await handed_in(incidents)

    assert lead["status"] == "matched"
    assert await incidents.told(LeadUnmatched) == []
    kept = await read(incidents, lead["id"])
    assert (kept["accident_id"], kept["score"]) == (accident["accident_id"], 145)
    assert kept["reasons"] == [
        "same_enterprise",
        "same_county",
        "same_spot",
        "same_words",
        "same_hours",
    ]
    assert await incidents.fire_until(RESULT_DUE + timedelta(days=30)) >= 0
    assert await incidents.told(LeadOverdue) == []


async def test_more_dead_than_were_reported_are_checked_although_the_accident_is_known(
    incidents: Stage,
) -> None:
    accident = await reported(incidents, casualties={"deaths": 1})
    lead = await handed_in(incidents, deaths_alleged=2)

    [told] = await incidents.told(LeadUnmatched)
    assert told["reported_as"] == accident["accident_id"]
    assert (await read(incidents, lead["id"]))["unreported_deaths"] == 1
    answer = await do(
        incidents, lead["id"], "match", accident_id=accident["accident_id"], note="就是它"
    )
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/still-unreported")


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"enterprise_uscc": "91430405MA4T00019K"},
        {"occurred_at": (HAPPENED - timedelta(hours=73)).isoformat()},
        {"enterprise_uscc": None, "place": "别处", "location": None},
    ],
)
async def test_another_accident_is_not_taken_for_this_one(
    incidents: Stage, elsewhere: dict[str, Any]
) -> None:
    await reported(incidents)
    lead = await handed_in(incidents, **elsewhere)

    assert lead["status"] == "checking"
    assert len(await incidents.told(LeadUnmatched)) == 1


async def test_possible_accidents_are_shown_with_their_reasons_best_first(
    incidents: Stage,
) -> None:
    sure = await reported(incidents, enterprise_uscc=None, by=CITY_DESK, location=None)
    await reported(incidents, enterprise_uscc=None, by=CITY_DESK, location=None, place="别处")
    lead = await handed_in(incidents, enterprise_uscc=None, location=None)
    answer = await incidents.as_(COUNTY_DESK).get(f"/incidents/leads/{lead['id']}/candidates")

    best, other = answer.json()
    assert lead["status"] == "checking"
    assert (best["accident_id"], best["score"]) == (sure["accident_id"], 65)
    assert best["reasons"] == ["same_county", "same_words", "same_hours"]
    assert other["score"] == 45


async def test_the_first_check_is_owed_until_the_fifth_day_ends(incidents: Stage) -> None:
    lead = await handed_in(incidents)
    await incidents.fire_until(FIRST_CHECK_DUE - SECOND)
    assert await incidents.told(LeadOverdue) == []
    await incidents.fire_until(FIRST_CHECK_DUE)

    [told] = await incidents.told(LeadOverdue)
    assert (told["step"], told["unit"]) == ("first_check", "430481.emergency")
    assert (await read(incidents, lead["id"]))["first_check_overdue_at"] is not None


async def test_the_result_is_owed_when_the_first_check_was_in_time(incidents: Stage) -> None:
    lead = await handed_in(incidents)
    incidents.now = FIRST_CHECK_DUE - SECOND
    assert (await do(incidents, lead["id"], "first-check", note="现场已清理")).status_code == 200
    await incidents.fire_until(RESULT_DUE - SECOND)
    assert await incidents.told(LeadOverdue) == []
    await incidents.fire_until(RESULT_DUE)

    assert [told["step"] for told in await incidents.told(LeadOverdue)] == ["result"]
    again = await do(incidents, lead["id"], "first-check", note="再报一次")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/first-check-done")


@pytest.mark.parametrize("action", ["dismiss", "match"])
async def test_a_settled_lead_is_never_overdue(incidents: Stage, action: str) -> None:
    lead = await handed_in(incidents)
    body: Body = {"note": "走访、核对用工记录，未发生事故"}
    if action == "match":
        accident = await reported(incidents, casualties={"deaths": 2})
        body |= {"accident_id": accident["accident_id"]}
    assert (await do(incidents, lead["id"], action, **body)).status_code == 200
    await incidents.fire_until(RESULT_DUE + timedelta(days=1))

    assert await incidents.told(LeadOverdue) == []


@pytest.mark.parametrize("step", LeadStep)
async def test_a_clock_that_fires_while_a_lead_is_being_settled_alarms_nobody(
    incidents: Stage, step: LeadStep
) -> None:
    lead = await handed_in(incidents)
    await do(incidents, lead["id"], "dismiss", note="未发生事故")
    async with incidents.work() as session:
        await leads.mark_overdue(session, lead_id=UUID(lead["id"]), step=step, now=RESULT_DUE)

    assert await incidents.told(LeadOverdue) == []


async def test_a_dismissal_keeps_its_reason_and_closes_the_lead(incidents: Stage) -> None:
    lead = await handed_in(incidents)
    await do(incidents, lead["id"], "dismiss", note="未发生事故")
    kept = await read(incidents, lead["id"])

    assert kept["status"] == "dismissed"
    assert [step["action"] for step in kept["entries"]] == ["check", "dismiss"]
    assert kept["entries"][-1]["note"] == "未发生事故"
    [told] = await incidents.told(LeadSettled)
    assert (told["confirmed"], told["accident_id"]) == (False, None)
    again = await do(incidents, lead["id"], "dismiss", note="再次")
    assert (again.status_code, again.json()["lead_status"]) == (409, "dismissed")


async def test_a_doubted_match_is_checked_from_the_day_the_lead_came(incidents: Stage) -> None:
    await reported(incidents, casualties={"deaths": 2})
    lead = await handed_in(incidents)
    incidents.now += timedelta(days=3)
    answer = await do(incidents, lead["id"], "check", note="同日另有一起")

    assert answer.json()["status"] == "checking"
    assert answer.json()["accident_id"] is None
    assert datetime.fromisoformat(answer.json()["first_check_due_at"]) == FIRST_CHECK_DUE
    assert len(await incidents.told(LeadUnmatched)) == 1


async def test_a_confirmed_lead_is_a_finding_and_the_investigation_climbs(
    incidents: Stage,
) -> None:
    """Nobody reported; the desk opens the accident itself, and it is found concealed."""
    lead = await handed_in(incidents)
    incidents.now += timedelta(days=2)
    opened = await reported(incidents, by=COUNTY_DESK, industry="C26", casualties={"deaths": 2})
    found = {"accident_id": opened["accident_id"], "evidence": "火化记录"}
    answer = await do(incidents, lead["id"], "confirm", by=INVESTIGATOR, **found)

    assert answer.status_code == 200, answer.text
    [finding] = await incidents.rows(Finding)
    assert (finding.kind, finding.status) == ("concealed", "preliminary")
    assert answer.json()["finding_id"] == str(finding.id)
    assert len(await incidents.told(FindingMade)) == 1
    [climbed] = await incidents.told(InvestigationEscalated)
    assert (climbed["from_level"], climbed["to_level"]) == ("county", "city")
    [settled] = await incidents.told(LeadSettled)
    assert settled["confirmed"]
    assert settled["accident_id"] == opened["accident_id"]


async def test_left_out_deaths_are_found_on_the_accident_that_was_reported(
    incidents: Stage,
) -> None:
    accident = await reported(incidents, casualties={"deaths": 1})
    lead = await handed_in(incidents)
    body = {"accident_id": accident["accident_id"]}
    answer = await do(incidents, lead["id"], "confirm", by=INVESTIGATOR, evidence="病历", **body)

    assert answer.json()["status"] == "confirmed"
    [finding] = await incidents.rows(Finding)
    assert (str(finding.accident_id), finding.status) == (accident["accident_id"], "preliminary")


@pytest.mark.parametrize(
    ("by", "found", "status"),
    [
        (COUNTY_DESK, {}, 403),
        (COUNTY_DESK, {"finding_status": "suspected"}, 422),
        (INVESTIGATOR, {"finding_status": "suspected"}, 422),
        (INVESTIGATOR, {"finding_status": "dismissed"}, 422),
        (INVESTIGATOR, {"finding_status": "preliminary"}, 200),
        (OFFICE, {}, 200),
    ],
)
async def test_a_lead_is_confirmed_by_a_finding_of_those_who_judge(
    incidents: Stage, by: Principal, found: Body, status: int
) -> None:
    accident = await reported(incidents, casualties={"deaths": 1})
    lead = await handed_in(incidents)
    body = {"accident_id": accident["accident_id"], "evidence": "火化记录"} | found
    answer = await do(incidents, lead["id"], "confirm", by=by, **body)

    assert answer.status_code == status, answer.text
    if status == 422:
        assert answer.json()["errors"][0]["pointer"] == "/finding_status"
    settled = status == 200
    assert (await read(incidents, lead["id"]))["status"] == ("confirmed" if settled else "checking")
    assert len(await incidents.told(InvestigationEscalated)) == int(settled)
    assert len(await incidents.rows(Finding)) == int(settled)


async def test_a_lead_of_a_vanished_accident_is_not_confirmed(incidents: Stage) -> None:
    lead = await handed_in(incidents)
    answer = await do(
        incidents, lead["id"], "confirm", accident_id=str(uuid7()), evidence="无此事故"
    )

    assert answer.status_code == 404
    assert (await read(incidents, lead["id"]))["status"] == "checking"


async def test_a_lead_sent_again_has_one_effect_and_the_same_answer(incidents: Stage) -> None:
    body = lead_body()
    first, again = [
        await incidents.as_(HOTLINE).post("/incidents/leads", json=body) for _ in range(2)
    ]

    assert (first.status_code, first.content) == (201, again.content)
    assert len(await incidents.rows(Lead)) == 1
    assert len(await incidents.told(LeadUnmatched)) == 1
    other = await incidents.as_(PROVINCE).post("/incidents/leads", json=body)
    assert (other.status_code, other.json()["type"]) == (409, "/problems/lead-id-taken")


async def test_its_source_follows_a_lead_and_nobody_elses(incidents: Stage) -> None:
    lead = await handed_in(incidents)
    path = f"/incidents/leads/{lead['id']}/status"
    followed = await incidents.as_(HOTLINE).get(path)

    assert followed.status_code == 200
    assert set(followed.json()) == {
        "id",
        "status",
        "received_at",
        "first_check_due_at",
        "first_checked_at",
        "result_due_at",
        "settled_at",
    }
    assert (await incidents.as_(OTHER_HOTLINE).get(path)).status_code == 404
    for by in (HOTLINE, PROVINCE):
        assert (await incidents.as_(by).get(f"/incidents/leads/{lead['id']}")).status_code == 403
