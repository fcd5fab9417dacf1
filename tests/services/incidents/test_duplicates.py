"""Several reports of one accident: offered to a person, who merges them or keeps them apart."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.incidents import (
    AccidentMerged,
    AccidentRegraded,
    AccidentsLikened,
    InvestigationEscalated,
    RelayOverdue,
)
from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident, GradeVersion
from services.incidents.duplicates.tables import Likeness
from services.incidents.investigations.tables import Assignment
from services.incidents.relays.tables import Relay
from services.incidents.reports.tables import Report
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    INVESTIGATOR,
    KNOWN,
    OTHER_COUNTY_DESK,
    RECEIVED,
    Body,
    heard,
    reported,
)
from tests.services.stage import Stage

ROUTE = "/incidents/duplicates"
MILD: Body = {"casualties": {"deaths": 1}, "industry": "C26", "direct_loss_wan": None}


async def two(stage: Stage, **second: Any) -> tuple[Body, Body]:
    first = await reported(stage, **MILD)
    stage.now = RECEIVED + timedelta(minutes=5)
    later = await reported(stage, by=COUNTY_DESK, **MILD | second)
    await heard(stage)
    return first, later


async def offered(stage: Stage, by: Principal = COUNTY_DESK) -> list[Body]:
    answer = await stage.as_(by).get(ROUTE)
    assert answer.status_code == 200, answer.text
    found: list[Body] = answer.json()
    return found


async def decide(
    stage: Stage, pair: Body, how: str, by: Principal = COUNTY_DESK, **said: Any
) -> Any:
    return await stage.as_(by).post(f"{ROUTE}/{pair['id']}/{how}", json={"why": "同一起"} | said)


async def of(stage: Stage, accident_id: str) -> Accident:
    [found] = [row for row in await stage.rows(Accident) if str(row.id) == accident_id]
    return found


async def test_two_reports_of_one_enterprise_and_hour_are_offered_with_the_reasons(
    incidents: Stage,
) -> None:
    first, later = await two(incidents)

    [pair] = await offered(incidents)
    assert (pair["accident_id"], pair["other_id"]) == (later["accident_id"], first["accident_id"])
    assert pair["score"] >= 60
    assert {"same_enterprise", "same_hour", "same_place"} <= set(pair["reasons"])
    [told] = await incidents.told(AccidentsLikened)
    assert (told["accident_id"], told["unit"]) == (later["accident_id"], "430481.emergency")
    assert {row.merged_into for row in await incidents.rows(Accident)} == {None}


async def test_accidents_of_another_day_are_not_offered(incidents: Stage) -> None:
    await two(
        incidents,
        occurred_at=(HAPPENED - timedelta(days=1)).isoformat(),
        known_at=(KNOWN - timedelta(days=1)).isoformat(),
    )

    assert await offered(incidents) == []


async def test_a_pair_is_offered_once_however_often_it_is_looked_for(incidents: Stage) -> None:
    await two(incidents)
    incidents._versions.clear()
    await heard(incidents)

    assert len(await incidents.rows(Likeness)) == 1


async def test_merged_one_goes_on_with_the_graver_figures_and_both_keep_their_history(
    incidents: Stage,
) -> None:
    first, later = await two(incidents, casualties={"deaths": 3, "missing": 1})
    [pair] = await offered(incidents)
    answer = await decide(incidents, pair, "merge")

    assert answer.status_code == 200, answer.text
    assert answer.json()["kept_id"] == first["accident_id"]
    kept, gone = (
        await of(incidents, first["accident_id"]),
        await of(incidents, later["accident_id"]),
    )
    assert (kept.deaths, kept.missing, kept.grade) == (3, 1, "larger")
    assert (str(gone.merged_into), gone.grade, kept.merged_into) == (
        first["accident_id"],
        "larger",
        None,
    )
    [regraded] = await incidents.told(AccidentRegraded)
    assert (regraded["accident_id"], regraded["grade"]) == (first["accident_id"], "larger")
    versions = await incidents.rows(GradeVersion)
    assert sorted((row.accident_id == kept.id, row.version) for row in versions) == [
        (False, 1),
        (True, 1),
        (True, 2),
    ]
    assert len(await incidents.rows(Report, accident_id=gone.id)) == 1
    assert len(await incidents.rows(Report, accident_id=kept.id)) == 2


async def test_what_the_merged_one_still_had_to_do_is_closed_and_alarms_nobody(
    incidents: Stage,
) -> None:
    _, later = await two(incidents)
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge")

    hops = await incidents.rows(Relay)
    closed = [hop for hop in hops if str(hop.accident_id) == later["accident_id"]]
    assert [(hop.status, hop.closed_at is None) for hop in closed] == [("closed", False)]
    refused = await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{closed[0].id}/forward")
    assert refused.status_code == 409
    listed = (await incidents.as_(COUNTY_DESK).get("/incidents/relays")).json()
    assert {hop["accident_id"] for hop in listed} == {str(pair["other_id"])}
    await incidents.fire_until(RECEIVED + timedelta(days=1))
    overdue = {fact["accident_id"] for fact in await incidents.told(RelayOverdue)}
    assert overdue == {pair["other_id"]}
    [merged] = await incidents.told(AccidentMerged)
    assert (merged["accident_id"], merged["into_id"]) == (later["accident_id"], pair["other_id"])


async def test_the_person_may_choose_which_one_goes_on(incidents: Stage) -> None:
    first, later = await two(incidents)
    [pair] = await offered(incidents)
    strange = await decide(incidents, pair, "merge", into_id=str(uuid7()))
    answer = await decide(incidents, pair, "merge", into_id=later["accident_id"])

    assert strange.json()["errors"][0]["pointer"] == "/into_id"
    assert answer.json()["kept_id"] == later["accident_id"]
    assert str((await of(incidents, first["accident_id"])).merged_into) == later["accident_id"]


async def test_kept_apart_stays_on_record_and_may_be_merged_later(incidents: Stage) -> None:
    await two(incidents)
    [pair] = await offered(incidents)
    apart = await decide(incidents, pair, "keep-apart", why="两处工作面")

    assert (apart.json()["status"], apart.json()["why"]) == ("kept_apart", "两处工作面")
    assert apart.json()["decided_by"] == COUNTY_DESK.subject
    assert await offered(incidents) == []
    assert [row.act for row in await incidents.rows(AuditRecord, entity="likeness")] == [
        "likeness.keep_apart"
    ]
    assert (await decide(incidents, pair, "merge")).json()["status"] == "merged"
    assert (await decide(incidents, pair, "merge")).status_code == 409


@pytest.mark.parametrize("by", [ENTERPRISE, INVESTIGATOR, OTHER_COUNTY_DESK])
async def test_nobody_without_the_post_decides(incidents: Stage, by: Principal) -> None:
    await two(incidents)
    [pair] = await offered(incidents)

    assert (await decide(incidents, pair, "merge", by)).status_code in (403, 404)
    assert (await incidents.rows(Likeness))[0].status == "offered"


async def test_three_reporters_of_one_accident_end_as_one(incidents: Stage) -> None:
    first, _ = await two(incidents)
    third = await reported(incidents, by=CITY_DESK, **MILD | {"casualties": {"deaths": 2}})
    await heard(incidents)

    assert len(await offered(incidents)) == 3
    while pairs := await offered(incidents):
        pair = next(p for p in pairs if p["other_id"] == first["accident_id"])
        assert (await decide(incidents, pair, "merge")).status_code == 200

    standing = [row for row in await incidents.rows(Accident) if row.merged_into is None]
    assert [(str(row.id), row.deaths) for row in standing] == [(first["accident_id"], 2)]
    statuses = sorted(row.status for row in await incidents.rows(Likeness))
    assert statuses == ["merged", "merged", "settled"]
    assert str((await of(incidents, third["accident_id"])).merged_into) == first["accident_id"]


async def test_a_later_report_on_the_merged_one_reaches_the_one_that_goes_on(
    incidents: Stage,
) -> None:
    first, later = await two(incidents)
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge")
    body = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": later["accident_id"],
        "casualties": {"deaths": 2},
    }
    answer = await incidents.as_(ENTERPRISE).post("/incidents/reports", json=body)

    assert answer.json()["accident_id"] == first["accident_id"]
    assert (await of(incidents, first["accident_id"])).deaths == 2
    assert (await of(incidents, later["accident_id"])).deaths == 1


async def test_graver_figures_do_not_fall_out_of_the_count_after_the_window(
    incidents: Stage,
) -> None:
    _, later = await two(incidents, casualties={"deaths": 3})
    [pair] = await offered(incidents)
    incidents.now = RECEIVED + timedelta(days=40)

    assert (await decide(incidents, pair, "merge")).status_code == 409
    into = await decide(incidents, pair, "merge", into_id=later["accident_id"])
    assert into.json()["status"] == "merged"


GRAVER: list[Body] = [
    {"casualties": {"deaths": 2}},
    {"casualties": {"deaths": 1, "missing": 1}, "missing_presumed_dead": True},
    {"casualties": {"deaths": 1, "serious_injuries": 4}},
    {"direct_loss_wan": 700},
]


@pytest.mark.parametrize("more", GRAVER)
async def test_what_was_counted_in_time_stays_counted_within_a_grade(
    incidents: Stage, more: Body
) -> None:
    first, later = await two(incidents, **more)
    [pair] = await offered(incidents)
    before = await of(incidents, later["accident_id"])
    incidents.now = RECEIVED + timedelta(days=40)

    refused = await decide(incidents, pair, "merge")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/window-closed")
    untouched = await of(incidents, first["accident_id"])
    assert (untouched.late_deaths, untouched.merged_into) == (0, None)
    await decide(incidents, pair, "merge", into_id=later["accident_id"])
    kept = await of(incidents, later["accident_id"])
    assert (kept.figures, kept.late_deaths) == (before.figures, 0)


async def test_where_neither_has_all_the_figures_those_that_came_in_time_count(
    incidents: Stage,
) -> None:
    first = await reported(incidents, **MILD | {"casualties": {"deaths": 2}})
    incidents.now = RECEIVED + timedelta(minutes=5)
    injured = {"casualties": {"deaths": 1, "serious_injuries": 12}}
    await reported(incidents, by=COUNTY_DESK, **MILD | injured)
    await heard(incidents)
    [pair] = await offered(incidents)
    incidents.now = RECEIVED + timedelta(days=40)
    answer = await decide(incidents, pair, "merge")

    assert answer.status_code == 200, answer.text
    kept = await of(incidents, first["accident_id"])
    assert (kept.deaths, kept.serious_injuries, kept.late_deaths) == (2, 12, 0)
    assert kept.grade == "larger"


async def test_two_that_count_the_same_are_merged_whenever_it_is_found(incidents: Stage) -> None:
    first, _ = await two(incidents, casualties={"deaths": 1, "minor_injuries": 3})
    [pair] = await offered(incidents)
    incidents.now = RECEIVED + timedelta(days=40)

    assert (await decide(incidents, pair, "merge")).status_code == 200
    kept = await of(incidents, first["accident_id"])
    assert (kept.deaths, kept.minor_injuries, kept.late_deaths) == (1, 3, 0)


async def test_the_forest_that_burnt_goes_on_with_the_accident(incidents: Stage) -> None:
    fire = {"accident_type": "forest_fire", **MILD}
    first = await reported(incidents, **fire, burnt_area_ha=0.5)
    await reported(incidents, by=COUNTY_DESK, **fire, burnt_area_ha=1.5)
    await heard(incidents)
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge")

    kept = await of(incidents, first["accident_id"])
    assert (kept.burnt_area_ha, kept.grade) == (Decimal("1.5"), "larger")


async def found(stage: Stage, accident: str, status: str = "preliminary") -> str:
    said = {"accident_id": accident, "kind": "concealed", "status": status, "evidence": "病历"}
    answer = await stage.as_(INVESTIGATOR).post("/incidents/findings", json=said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_what_lifted_the_merged_one_lifts_the_one_that_goes_on_once(
    incidents: Stage,
) -> None:
    first, later = await two(incidents)
    await found(incidents, later["accident_id"])
    [lifted] = await incidents.told(InvestigationEscalated)
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge")

    _, carried = await incidents.told(InvestigationEscalated)
    assert (carried["accident_id"], carried["rule"]) == (first["accident_id"], lifted["rule"])
    assert (carried["from_level"], carried["to_level"]) == ("county", "city")
    kept = await of(incidents, first["accident_id"])
    assert (kept.investigating_level, kept.levels_up) == ("city", 1)
    held = await incidents.rows(Assignment, accident_id=kept.id)
    assert [one.reason for one in held] == ["graded", "escalated"]
    body = {"report_id": str(uuid7()), "kind": "followup", "accident_id": first["accident_id"]}
    more = body | {"casualties": {"deaths": 3}}
    assert (await incidents.as_(ENTERPRISE).post("/incidents/reports", json=more)).is_success
    assert (await of(incidents, first["accident_id"])).investigating_level == "province"


async def test_one_that_was_lifted_itself_is_not_lifted_again(incidents: Stage) -> None:
    first, later = await two(incidents)
    for accident in (first, later):
        await found(incidents, accident["accident_id"])
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge")

    assert len(await incidents.told(InvestigationEscalated)) == 2
    assert (await of(incidents, first["accident_id"])).investigating_level == "city"


async def test_what_is_found_of_the_merged_one_later_lifts_the_one_that_goes_on(
    incidents: Stage,
) -> None:
    first, later = await two(incidents)
    finding = await found(incidents, later["accident_id"], "suspected")
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge")
    assert await incidents.told(InvestigationEscalated) == []
    path = f"/incidents/findings/{finding}/uphold"
    upheld = await incidents.as_(INVESTIGATOR).post(path, json={"reason": "查实"})

    assert upheld.status_code == 200, upheld.text
    [lifted] = await incidents.told(InvestigationEscalated)
    assert lifted["accident_id"] == first["accident_id"]
    assert (await of(incidents, first["accident_id"])).investigating_level == "city"


async def test_across_a_county_border_the_city_decides(incidents: Stage) -> None:
    await reported(incidents, **MILD)
    body = MILD | {"enterprise_uscc": None, "region_code": "430405"}
    await reported(incidents, by=OTHER_COUNTY_DESK, **body)
    await heard(incidents)

    assert await offered(incidents) == []
    [pair] = await offered(incidents, CITY_DESK)
    assert pair["region_code"] == "430400"
    assert (await decide(incidents, pair, "merge", CITY_DESK)).status_code == 200


async def test_two_that_do_not_look_alike_may_be_named_and_merged_by_hand(incidents: Stage) -> None:
    first = await reported(incidents, **MILD)
    other = MILD | {"place": "食堂", "accident_type": "火灾", "enterprise_uscc": None}
    later = await reported(incidents, by=COUNTY_DESK, location={"lon": 112.7, "lat": 26.5}, **other)
    await heard(incidents)
    assert await offered(incidents) == []

    pair = {"accident_id": first["accident_id"], "other_id": later["accident_id"]}
    named = await incidents.as_(COUNTY_DESK).post(ROUTE, json=pair)
    assert (named.status_code, named.json()["status"]) == (201, "offered")
    assert (await decide(incidents, named.json(), "merge")).json()["status"] == "merged"
    assert (await incidents.as_(COUNTY_DESK).post(ROUTE, json=pair)).status_code == 409


async def test_what_is_merged_twice_over_is_followed_to_its_end(incidents: Stage) -> None:
    first, later = await two(incidents)
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge", into_id=later["accident_id"])
    incidents.now += timedelta(minutes=1)
    third = await reported(incidents, by=CITY_DESK, **MILD)
    await heard(incidents)
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge", into_id=third["accident_id"])
    body = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": first["accident_id"],
        "casualties": {"deaths": 2},
    }
    answer = await incidents.as_(ENTERPRISE).post("/incidents/reports", json=body)

    assert answer.json()["accident_id"] == third["accident_id"]
