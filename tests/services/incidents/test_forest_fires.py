"""Forest fires are graded by what burnt, and every grade keeps the rule it came from."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.incidents import AccidentRegraded
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident, GradeVersion
from tests.services.incidents.conftest import CITY_DESK, reported
from tests.services.stage import Stage

BURNING = {"accident_type": "forest_fire", "casualties": {"deaths": 1}, "direct_loss_wan": 20000}


@pytest.mark.parametrize(
    ("area", "grade"), [(0.9999, "general"), (1, "larger"), (99.99, "larger"), (100, "major")]
)
async def test_a_forest_fire_is_graded_by_the_forest_that_burnt(
    incidents: Stage, area: float, grade: str
) -> None:
    answer = await reported(incidents, **BURNING, burnt_area_ha=area)

    assert answer["grade"] == grade
    assert answer["grade_basis"]["rule_version"] == "forest-fire 40@2009-01-01"
    [kept] = await incidents.rows(Accident)
    assert kept.burnt_area_ha == Decimal(str(area))


async def test_more_burnt_forest_moves_the_grade_and_each_version_keeps_its_rule(
    incidents: Stage,
) -> None:
    opened = await reported(incidents, **BURNING, burnt_area_ha=0.5)
    incidents.now += timedelta(hours=6)
    further = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": opened["accident_id"],
        "burnt_area_ha": 150,
    }
    await incidents.as_(CITY_DESK).post("/incidents/reports", json=further)

    [told] = await incidents.told(AccidentRegraded)
    assert (told["from_grade"], told["grade"]) == ("general", "major")
    versions = await incidents.rows(GradeVersion)
    assert [(one.version, one.grade, one.measure) for one in versions] == [
        (1, "general", "none"),
        (2, "major", "burnt_area"),
    ]
    assert {one.rule for one in versions} == {"forest-fire 40@2009-01-01"}
    assert versions[1].threshold == Decimal(100)


async def test_burnt_forest_says_nothing_of_other_accidents(incidents: Stage) -> None:
    answer = await reported(incidents, casualties={"deaths": 1}, burnt_area_ha=5000)

    assert answer["grade"] == "general"


async def test_a_trial_grading_reads_the_burnt_area(incidents: Stage) -> None:
    body = {"accident_type": "森林火灾", "burnt_area_ha": 1000}
    answer = await incidents.as_(CITY_DESK).post("/incidents/grading", json=body)

    assert (answer.json()["grade"], answer.json()["grade_basis"]["measure"]) == (
        "extraordinary",
        "burnt_area",
    )


@pytest.mark.parametrize(
    ("kind", "region", "unit"),
    [
        ("fire", "430407", "430407.fire_rescue"),
        ("road_traffic", "430481", "430481.traffic_police"),
        ("fire", "430112", None),
        ("fire", None, None),
        ("collapse", "430481", None),
    ],
)
async def test_a_trial_grading_names_who_finds_out_the_facts(
    incidents: Stage, kind: str, region: str | None, unit: str | None
) -> None:
    body = {"accident_type": kind, "region_code": region}
    answer = await incidents.as_(CITY_DESK).post("/incidents/grading", json=body)

    assert answer.json()["fact_finding_unit"] == unit
    if region == "430407":
        assert answer.json()["investigating_unit"] == "430407.government"
