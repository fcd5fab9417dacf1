"""What reports must hold, larger-risk incidents, and places that are not quite known."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.incidents import AccidentReported, AccidentShared
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.relays.tables import Relay
from services.incidents.sharing.tables import Share
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    OTHER_COUNTY_DESK,
    RECEIVED,
    Body,
    heard,
    report_body,
    reported,
)
from tests.services.stage import Stage

ROUTE = "/incidents/reports"
WHOLE: Body = {"kind": "written", "unit_profile": "煤矿，年产30万吨", "scene": "井下积水"}


def elements(owed: list[Body]) -> list[str]:
    return [row["element"] for row in owed]


async def test_a_quick_report_is_taken_and_told_what_it_still_owes(incidents: Stage) -> None:
    answer = await reported(incidents, casualties=None, summary=None, direct_loss_wan=None)

    owed = answer["still_owed"]
    assert elements(owed) == ["casualties", "unit_profile", "scene", "course", "loss"]
    assert owed[0]["fields"] == ["casualties"]
    assert "12" in owed[0]["article"]


@pytest.mark.parametrize(
    ("deaths", "levels"), [(2, []), (3, ["province"]), (10, ["province", "national"])]
)
async def test_from_a_larger_accident_on_the_unit_is_told_to_tell_the_province_itself(
    incidents: Stage, deaths: int, levels: list[str]
) -> None:
    answer = await reported(incidents, casualties={"deaths": deaths})

    told = answer["also_report"]
    assert [row["level"] for row in told] == levels
    for row in told:
        assert row["optional"] is (row["level"] == "national")
        assert (row["id"] is None) is row["optional"]
        assert "6" in row["article"]
        known = datetime.fromisoformat(report_body()["known_at"])
        due = datetime.fromisoformat(row["due_at"]) if row["due_at"] else None
        assert due == (known + timedelta(hours=1) if row["level"] == "province" else None)


@pytest.mark.parametrize(
    ("first", "later", "levels"),
    [
        (1, 2, []),
        (1, 3, ["province"]),
        (1, 10, ["province", "national"]),
        (3, 9, []),
        (3, 10, ["national"]),
        (10, 3, []),
    ],
)
async def test_a_follow_up_that_moves_the_grade_names_whom_the_unit_tells_from_then_on(
    incidents: Stage, first: int, later: int, levels: list[str]
) -> None:
    told = await reported(incidents, casualties={"deaths": first})
    more = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": told["accident_id"],
        "casualties": {"deaths": later},
        "summary": "搜救核实",
    }
    incidents.now = RECEIVED + timedelta(hours=2)
    answer = (await incidents.as_(COUNTY_DESK).post(ROUTE, json=more)).json()

    assert [row["level"] for row in answer["also_report"]] == levels
    if "province" in levels:
        due = datetime.fromisoformat(answer["also_report"][0]["due_at"])
        assert due == RECEIVED + timedelta(hours=3)
        await heard(incidents)
        [row] = (await incidents.as_(ENTERPRISE).get("/incidents/direct-reports")).json()
        assert row["id"] == answer["also_report"][0]["id"]
        assert datetime.fromisoformat(row["due_at"]) == due


async def test_what_later_reports_say_is_owed_no_longer(incidents: Stage) -> None:
    first = await reported(incidents, summary=None)
    more = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": first["accident_id"],
        "summary": "掘进面透水",
    }
    answer = (await incidents.as_(ENTERPRISE).post(ROUTE, json=more)).json()

    assert elements(answer["still_owed"]) == ["unit_profile", "scene"]
    asked = await incidents.as_(COUNTY_DESK).get(
        f"/incidents/accidents/{first['accident_id']}/contents"
    )
    assert asked.json()["still_owed"] == answer["still_owed"]


async def test_a_last_follow_up_is_told_what_the_final_account_lacks(incidents: Stage) -> None:
    first = await reported(incidents, measures=None, missing_presumed_dead=True)
    last = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": first["accident_id"],
        "final": True,
        "scene": "已排干",
    }
    answer = (await incidents.as_(COUNTY_DESK).post(ROUTE, json=last)).json()

    assert elements(answer["still_owed"]) == ["unit_profile", "measures"]


async def test_a_whole_written_report_is_taken(incidents: Stage) -> None:
    assert (await reported(incidents, **WHOLE))["still_owed"] == []


@pytest.mark.parametrize(
    ("left_out", "pointer"),
    [
        ("unit_profile", "/unit_profile"),
        ("scene", "/scene"),
        ("summary", "/summary"),
        ("measures", "/measures"),
        ("direct_loss_wan", "/direct_loss_wan"),
        ("casualties", "/casualties"),
    ],
)
async def test_a_written_report_that_lacks_something_is_refused_with_the_field(
    incidents: Stage, left_out: str, pointer: str
) -> None:
    body = report_body(**{**WHOLE, left_out: None})
    answer = await incidents.as_(ENTERPRISE).post(ROUTE, json=body)

    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        (pointer, "content_missing")
    ]
    assert await incidents.rows(Accident) == []


async def test_a_written_report_on_a_known_accident_leans_on_what_was_said(
    incidents: Stage,
) -> None:
    first = await reported(incidents)
    written = {
        "report_id": str(uuid7()),
        "kind": "written",
        "accident_id": first["accident_id"],
        "unit_profile": "煤矿",
    }
    refused = await incidents.as_(ENTERPRISE).post(ROUTE, json=written)
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/scene"]

    again = written | {"report_id": str(uuid7()), "scene": "井下"}
    assert (await incidents.as_(ENTERPRISE).post(ROUTE, json=again)).status_code == 201


NEAR_MISS: Body = {"casualties": {"trapped": 3}, "direct_loss_wan": None, "industry": "C26"}


async def test_a_near_miss_climbs_to_the_city_under_its_own_rule(incidents: Stage) -> None:
    answer = await reported(incidents, **NEAR_MISS)

    assert answer["risk_grounds"] == ["trapped_or_missing"]
    [hop] = await incidents.rows(Relay)
    assert (hop.level, hop.rule) == ("city", "order-21 7@2009-07-01")
    assert hop.due_at == RECEIVED + timedelta(hours=2)
    [told] = await incidents.told(AccidentReported)
    assert told["risk_grounds"] == ["trapped_or_missing"]


@pytest.mark.parametrize(
    ("said", "grounds"),
    [
        ({"casualties": {"trapped": 1, "missing": 1}}, []),
        ({"endangered": 10}, ["endangered"]),
        ({"endangered": 9}, []),
        ({"casualties": {"evacuated": 500}}, ["evacuated"]),
        ({"casualties": {"evacuated": 499}}, []),
        ({"risk_grounds": ["environment"]}, ["environment"]),
    ],
)
async def test_each_ground_alone_makes_a_larger_risk_incident(
    incidents: Stage, said: Body, grounds: list[str]
) -> None:
    answer = await reported(incidents, **NEAR_MISS | {"casualties": None} | said)

    assert answer["risk_grounds"] == grounds
    [hop] = await incidents.rows(Relay)
    assert hop.rule.startswith("order-21 7" if grounds else "decree-493 11")


async def test_an_accident_with_dead_goes_up_as_an_accident(incidents: Stage) -> None:
    answer = await reported(incidents, **NEAR_MISS | {"casualties": {"deaths": 1, "trapped": 3}})

    assert answer["risk_grounds"] == ["trapped_or_missing"]
    assert (await incidents.rows(Relay))[0].rule.startswith("decree-493 11")


async def test_a_follow_up_may_show_that_it_is_one_and_what_was_judged_stays(
    incidents: Stage,
) -> None:
    first = await reported(
        incidents, **NEAR_MISS | {"casualties": None, "risk_grounds": ["facilities"]}
    )
    more = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": first["accident_id"],
        "casualties": {"evacuated": 800},
    }
    answer = await incidents.as_(ENTERPRISE).post(ROUTE, json=more)

    assert answer.json()["risk_grounds"] == ["evacuated", "facilities"]


async def test_an_unregistered_unit_is_named_without_a_code(incidents: Stage) -> None:
    answer = await reported(
        incidents, by=COUNTY_DESK, enterprise_uscc=None, enterprise_name="无证小煤窑"
    )

    [accident] = await incidents.rows(Accident)
    assert (accident.enterprise_uscc, accident.enterprise_name) == (None, "无证小煤窑")
    assert "unit" not in elements(answer["still_owed"])


async def test_a_unit_that_nobody_can_name_is_owed_and_never_refused(incidents: Stage) -> None:
    answer = await reported(incidents, by=COUNTY_DESK, enterprise_uscc=None)

    assert elements(answer["still_owed"])[0] == "unit"


ONLY_POINT: Body = {"region_code": None, "place": None}


async def test_coordinates_alone_are_placed_in_the_nearest_county(incidents: Stage) -> None:
    await reported(incidents, **ONLY_POINT, location={"lon": 112.86, "lat": 26.42})

    [accident] = await incidents.rows(Accident)
    assert (accident.region_code, accident.unplaced) == ("430481", True)
    assert accident.place == "112.86000, 26.42000"
    assert accident.receiving_unit == "430481.emergency"


@pytest.mark.parametrize(
    "point",
    [
        {"lon": 112.61, "lat": 26.892},  # between districts of the city proper
        {"lon": 100.0, "lat": 30.0},  # another province
    ],
)
async def test_coordinates_that_fit_several_counties_or_none_go_to_the_city(
    incidents: Stage, point: Body
) -> None:
    await reported(incidents, **ONLY_POINT, location=point)

    [accident] = await incidents.rows(Accident)
    assert (accident.region_code, accident.unplaced) == ("430400", True)
    assert accident.receiving_unit == "430400.emergency"


async def test_a_county_desk_with_coordinates_alone_is_never_refused(incidents: Stage) -> None:
    await reported(incidents, by=COUNTY_DESK, **ONLY_POINT, location={"lon": 100.0, "lat": 30.0})

    assert (await incidents.rows(Accident))[0].region_code == "430481"


async def place(stage: Stage, accident_id: str, region: str, by: Any = CITY_DESK) -> Any:
    return await stage.as_(by).post(
        f"/incidents/accidents/{accident_id}/places", json={"region_code": region}
    )


async def test_a_desk_says_where_it_is_and_that_county_is_told_and_reads_along(
    incidents: Stage,
) -> None:
    first = await reported(incidents, **ONLY_POINT, location={"lon": 112.61, "lat": 26.892})
    answer = await place(incidents, first["accident_id"], "430405")
    await heard(incidents)

    assert answer.json()["unplaced"] is False
    [told] = await incidents.told(AccidentShared)
    assert (told["unit"], told["region_code"]) == ("430405.emergency", "430400")
    read = await incidents.as_(OTHER_COUNTY_DESK).get(f"/incidents/shared/{first['accident_id']}")
    assert read.json()["id"] == first["accident_id"]


async def test_an_accident_in_two_districts_has_a_lead_and_both_desks_are_told(
    incidents: Stage,
) -> None:
    first = await reported(incidents, also_in=["430405"])
    await heard(incidents)

    [lead] = await incidents.told(AccidentReported)
    assert (lead["region_code"], lead["receiving_unit"]) == ("430481", "430481.emergency")
    [further] = await incidents.told(AccidentShared)
    assert (further["place"], further["unit"]) == ("430405", "430405.emergency")
    [share] = await incidents.rows(Share)
    assert (share.region_code, share.lead_region) == ("430405", "430481")
    other = incidents.as_(OTHER_COUNTY_DESK)
    assert [row["accident_id"] for row in (await other.get("/incidents/shared")).json()] == [
        first["accident_id"]
    ]
    assert (await other.get(f"/incidents/accidents/{first['accident_id']}")).status_code == 404
    read = await other.get(f"/incidents/shared/{first['accident_id']}")
    assert read.json()["region_code"] == "430481"


async def test_who_shares_nothing_reads_nothing(incidents: Stage) -> None:
    first = await reported(incidents, also_in=["430407"])
    await heard(incidents)
    route = f"/incidents/shared/{first['accident_id']}"

    for by in (OTHER_COUNTY_DESK, ENTERPRISE):
        assert (await incidents.as_(by).get(route)).status_code == 404
        assert (await incidents.as_(by).get("/incidents/shared")).json() == []
    assert (await place(incidents, first["accident_id"], "430405", ENTERPRISE)).status_code == 403


async def test_a_place_named_twice_is_refused_with_the_field(incidents: Stage) -> None:
    body = report_body(also_in=["430481"])
    answer = await incidents.as_(ENTERPRISE).post(ROUTE, json=body)

    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/also_in", "named_twice")
    ]


async def test_times_out_of_order_are_refused_with_the_field(incidents: Stage) -> None:
    early = (HAPPENED - timedelta(seconds=1)).isoformat()
    answer = await incidents.as_(ENTERPRISE).post(ROUTE, json=report_body(known_at=early))

    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/known_at", "before_occurrence")
    ]
