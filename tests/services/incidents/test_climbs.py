"""Entrusting a case, taking it up, and putting it on a higher list."""

from datetime import timedelta

import pytest

from contracts.incidents import InvestigationEscalated
from contracts.incidents_cases import InvestigationListed, InvestigationOverdue
from kernel.access import Principal
from services.incidents.climbs.tables import Climb, Listing
from services.incidents.investigations.tables import Assignment, Investigation, Submission
from services.incidents.statistics.domain import Standing
from tests.services.incidents import casework
from tests.services.incidents.casework import (
    CITY_LEADER,
    CITY_OFFICE,
    CITY_TEAM,
    COUNTY_LEADER,
    COUNTY_TEAM,
    DOCUMENT,
    PROVINCE_LEADER,
    PROVINCE_OFFICE,
    done,
    get,
    larger,
    post,
)
from tests.services.incidents.conftest import DAY, INVESTIGATOR, OTHER_USCC, USCC, Body, reported
from tests.services.incidents.counting import strike
from tests.services.stage import Stage

NOTICE = {"notice": "湘安督〔2023〕1号", "matters": "查明原因", "notified_on": "2023-06-01"}


def ground(code: str, *, taken: bool = True) -> dict[str, object]:
    return {"ground": code, "taken": taken, "reason": "社会影响重大"}


async def county_case(stage: Stage, **changes: object) -> str:
    told = await reported(
        stage, **{"industry": "C26", "casualties": {"deaths": 1}, "direct_loss_wan": 10} | changes
    )
    return str(told["accident_id"])


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("430481.emergency", 201),
        ("430400.emergency", 409),
        ("430481.government", 409),
        ("430481.nothing", 409),
        (USCC, 409),
        (OTHER_USCC, 409),
    ],
)
async def test_a_county_entrusts_its_own_departments_only(
    incidents: Stage, to: str, status: int
) -> None:
    accident = await county_case(incidents)
    answer = await post(incidents, COUNTY_LEADER, accident, "delegations", {"to": to, **DOCUMENT})

    assert answer.status_code == status
    standing = await get(incidents, COUNTY_TEAM, accident, "standing")
    assert [one["to"] for one in standing["delegations"]] == ([to] if status == 201 else [])


async def test_the_government_above_takes_a_case_with_its_reason(incidents: Stage) -> None:
    accident = await county_case(incidents)
    county = await post(incidents, COUNTY_LEADER, accident, "climbs", ground("complex"))
    province = await post(incidents, PROVINCE_LEADER, accident, "climbs", ground("complex"))
    taken = await done(incidents, CITY_LEADER, accident, "climbs", ground("complex"))
    again = await post(incidents, CITY_LEADER, accident, "climbs", ground("other"))

    assert (county.status_code, province.status_code, again.status_code) == (403, 403, 409)
    assert county.json()["taker"] == "430400.government"
    assert (taken["from_level"], taken["to_level"]) == ("county", "city")
    [told] = await incidents.told(InvestigationEscalated)
    assert told["rule"] == taken["rule"]
    assert [row.reason for row in await incidents.rows(Assignment)] == ["graded", "escalated"]
    [case] = await incidents.rows(Investigation)
    assert (case.level, case.unit) == ("city", "430400.government")


async def test_a_case_can_be_left_where_it_is_and_that_is_kept_too(incidents: Stage) -> None:
    accident = await county_case(incidents)
    left = await done(incidents, CITY_LEADER, accident, "climbs", ground("complex", taken=False))

    assert (left["taken"], left["from_level"], left["to_level"]) == (False, "county", "county")
    assert await incidents.told(InvestigationEscalated) == []
    assert len(await incidents.rows(Climb)) == 1


async def test_a_typical_larger_accident_must_climb_once_an_office_states_it(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    left = await post(
        incidents, CITY_OFFICE, accident, "climbs", ground("typical_larger", taken=False)
    )
    await done(incidents, CITY_OFFICE, accident, "climbs", ground("typical_larger"))

    assert (left.status_code, left.json()["type"]) == (409, "/problems/ground-binds")
    [told] = await incidents.told(InvestigationEscalated)
    assert (told["to_unit"], told["from_level"]) == ("430000.government", "city")


@pytest.mark.parametrize(
    ("by", "status"), [(COUNTY_TEAM, 403), (casework.leader("430405.government"), 404)]
)
async def test_strangers_take_nothing_up(incidents: Stage, by: Principal, status: int) -> None:
    accident = await county_case(incidents)

    answer = await post(incidents, by, accident, "climbs", ground("complex"))
    assert answer.status_code == status


@pytest.mark.parametrize(("months", "stands"), [(24, True), (25, False)])
async def test_the_second_larger_accident_of_an_enterprise_is_found_by_the_platform(
    incidents: Stage, months: int, stands: bool
) -> None:
    year, month = (2021, 6) if months == 24 else (2021, 5)
    first = {"occurred_at": f"{year}-0{month}-01T09:30:00+08:00"}
    await larger(incidents, **first, known_at=f"{year}-0{month}-01T10:00:00+08:00")
    accident = await larger(incidents)
    standing = await get(incidents, CITY_TEAM, accident, "standing")
    found = {one["code"]: one["stands"] for one in standing["grounds"]}
    answer = await post(
        incidents, PROVINCE_LEADER, accident, "climbs", ground("same_enterprise_again")
    )

    assert found["same_enterprise_again"] is stands
    assert answer.status_code == (201 if stands else 409)


@pytest.mark.parametrize("standing", [Standing.COUNTED, Standing.STRUCK_OFF])
async def test_what_was_struck_off_is_no_earlier_accident_of_the_enterprise(
    incidents: Stage, standing: Standing
) -> None:
    first = await larger(incidents, occurred_at="2022-06-01T09:30:00+08:00")
    await strike(incidents, {"accident_id": first}, standing)
    accident = await larger(incidents)
    grounds = (await get(incidents, CITY_TEAM, accident, "standing"))["grounds"]

    [again] = [one for one in grounds if one["code"] == "same_enterprise_again"]
    assert again["stands"] is (standing is Standing.COUNTED)


@pytest.mark.parametrize(
    ("said", "inquiry"),
    [
        ({}, "no_casualties"),
        ({"endangered": 9}, "no_casualties"),
        ({"endangered": 10}, "near_miss"),
        ({"risk_grounds": ["environment"]}, "near_miss"),
        ({"casualties": {"missing": 3}}, "near_miss"),
        ({"casualties": {"missing": 3}, "missing_presumed_dead": True}, "casualties"),
    ],
)
async def test_what_a_report_says_of_danger_decides_what_is_looked_into(
    incidents: Stage, said: Body, inquiry: str
) -> None:
    accident = await county_case(incidents, **{"casualties": {"deaths": 0}} | said)
    [case] = (await get(incidents, CITY_TEAM, accident))["generations"]

    assert case["inquiry"] == inquiry


async def test_a_ground_of_no_table_is_refused(incidents: Stage) -> None:
    accident = await county_case(incidents)
    answer = await post(incidents, CITY_LEADER, accident, "climbs", ground("because"))

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/ground-absent")


async def test_a_report_of_those_who_had_the_case_before_is_not_decided_on(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    await casework.submitted(incidents, accident)
    finding = {"accident_id": accident, "kind": "concealed", "evidence": "医院记录"}
    finding |= {"status": "preliminary"}
    made = await incidents.as_(INVESTIGATOR).post("/incidents/findings", json=finding)
    assert made.status_code == 201
    body = {"decision": "approved", **DOCUMENT}
    before = await post(incidents, CITY_LEADER, accident, "decision", body)
    now = await post(incidents, PROVINCE_LEADER, accident, "decision", body)

    assert (before.status_code, now.status_code) == (403, 409)
    await incidents.hear(
        *[
            InvestigationEscalated.model_validate(fact)
            for fact in await incidents.told(InvestigationEscalated)
        ]
    )
    [submission] = await incidents.rows(Submission)
    assert submission.decision == "superseded"
    [case] = await incidents.rows(Investigation)
    assert (case.status, case.unit) == ("investigating", "430000.government")


async def test_a_listed_case_is_approved_only_with_the_consent_of_the_list(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    listed = await done(incidents, PROVINCE_OFFICE, accident, "supervision", NOTICE)
    twice = await post(incidents, PROVINCE_OFFICE, accident, "supervision", NOTICE)
    await casework.submitted(incidents, accident)
    body = {"decision": "approved", **DOCUMENT}
    without = await post(incidents, CITY_LEADER, accident, "decision", body)
    early = await post(incidents, PROVINCE_OFFICE, accident, "supervision/lift")
    opinion = {"opinion": "同意"}
    own = await post(incidents, CITY_OFFICE, accident, "supervision/consent", opinion)
    await done(incidents, PROVINCE_OFFICE, accident, "supervision/consent", opinion)
    await done(incidents, CITY_LEADER, accident, "decision", body)
    await done(incidents, PROVINCE_OFFICE, accident, "supervision/lift")
    await incidents.fire_until(incidents.now + DAY * 400)

    assert listed["due_at"] == "2023-08-01T00:00:00+08:00"
    assert (twice.status_code, early.status_code, own.status_code) == (409, 409, 403)
    assert (without.status_code, without.json()["type"]) == (409, "/problems/consent-missing")
    assert len(await incidents.told(InvestigationListed)) == 1
    assert await incidents.told(InvestigationOverdue) == []


async def test_a_list_agrees_to_the_report_that_is_handed_in_and_to_no_other(
    incidents: Stage,
) -> None:
    accident = await larger(incidents)
    await done(incidents, PROVINCE_OFFICE, accident, "supervision", NOTICE)
    opinion = {"opinion": "同意"}
    unseen = await post(incidents, PROVINCE_OFFICE, accident, "supervision/consent", opinion)
    await casework.submitted(incidents, accident)
    first = await done(incidents, PROVINCE_OFFICE, accident, "supervision/consent", opinion)
    twice = await post(incidents, PROVINCE_OFFICE, accident, "supervision/consent", opinion)
    await done(incidents, CITY_LEADER, accident, "decision", {"decision": "returned", **DOCUMENT})
    back = await post(incidents, PROVINCE_OFFICE, accident, "supervision/consent", opinion)
    await done(incidents, CITY_TEAM, accident, "submissions")
    approved = {"decision": "approved", **DOCUMENT}
    stale = await post(incidents, CITY_LEADER, accident, "decision", approved)
    second = await done(incidents, PROVINCE_OFFICE, accident, "supervision/consent", opinion)
    await done(incidents, CITY_LEADER, accident, "decision", approved)

    assert [one.status_code for one in (unseen, twice, back)] == [409, 409, 409]
    assert unseen.json()["investigation_status"] == "open"
    assert (first["consented_to"], second["consented_to"]) == (1, 2)
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/consent-missing")


async def test_a_list_alarms_when_its_sixty_days_are_over(incidents: Stage) -> None:
    accident = await larger(incidents)
    await done(incidents, PROVINCE_OFFICE, accident, "supervision", NOTICE)
    [row] = await incidents.rows(Listing)
    await incidents.fire_until(row.due_at - timedelta(seconds=1))
    assert await incidents.told(InvestigationOverdue) == []
    await incidents.fire_until(row.due_at)

    [told] = await incidents.told(InvestigationOverdue)
    assert (told["stage"], told["unit"]) == ("supervision", "430400.government")


@pytest.mark.parametrize("by", [COUNTY_LEADER, CITY_OFFICE])
async def test_only_the_level_above_lists_a_case(incidents: Stage, by: Principal) -> None:
    accident = await larger(incidents)
    answer = await post(incidents, by, accident, "supervision", NOTICE)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-the-list")


async def test_a_general_accident_is_on_no_list_and_notices_come_in_time(
    incidents: Stage,
) -> None:
    general = await county_case(incidents)
    no_list = await post(incidents, CITY_OFFICE, general, "supervision", NOTICE)
    accident = await larger(incidents)
    tomorrow = NOTICE | {"notified_on": "2023-06-02"}
    ahead = await post(incidents, PROVINCE_OFFICE, accident, "supervision", tomorrow)

    assert (no_list.status_code, no_list.json()["type"]) == (409, "/problems/not-listable")
    assert (ahead.status_code, ahead.json()["errors"][0]["pointer"]) == (422, "/notified_on")
