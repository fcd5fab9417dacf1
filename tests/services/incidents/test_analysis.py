"""The monthly analysis over HTTP: figures, comparisons, bases, shares, targets and files."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.gateway import Role
from kernel.access import SYSTEM, Principal
from kernel.calendar import SHANGHAI
from services.incidents.statistics.domain import Standing
from services.incidents.statistics.operations_bases import BASE_DUE
from services.incidents.statistics.tables import FrozenBase, Statistic
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    OTHER_COUNTY_DESK,
    Body,
    reported,
)
from tests.services.incidents.counting import follow_up, hear_own, strike
from tests.services.stage import Stage

OFFICE = Principal(
    subject="office",
    roles=frozenset({Role.COMMITTEE_OFFICE.value}),
    region="4304",
    unit="430400.committee_office",
)
ROUTE = "/incidents/statistics/analysis"


async def happened(stage: Stage, year: int, month: int, **said: Any) -> Body:
    """An accident of the city, reported an hour after it happened, and counted."""
    moment = datetime(year, month, 10, 8, tzinfo=SHANGHAI)
    stage.now = moment + timedelta(hours=1)
    usual = {"casualties": {"deaths": 1}, "direct_loss_wan": 120, "enterprise_uscc": None}
    body = await reported(
        stage,
        CITY_DESK,
        **(usual | {"occurred_at": moment.isoformat(), "known_at": moment.isoformat()} | said),
    )
    await hear_own(stage)
    return body


async def analysis(stage: Stage, by: Principal = OFFICE, **asked: str) -> Body:
    stage.now = max(stage.now, datetime(2024, 1, 5, tzinfo=SHANGHAI))
    answer = await stage.as_(by).get(ROUTE, params={"month": "2023-05", **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def line(found: Body, by: str, code: str) -> Body:
    [part] = [part for part in found["breakdowns"] if part["by"] == by]
    [one] = [one for one in part["lines"] if one["code"] == code]
    return one


async def test_a_year_is_set_against_the_same_months_of_the_year_before(incidents: Stage) -> None:
    for year, month in ((2022, 3), (2022, 5), (2022, 8), (2023, 5), (2023, 6)):
        await happened(incidents, year, month)

    found = await analysis(incidents)

    together = found["total"]["cumulative"]
    assert (together["now"]["accidents"], together["before"]["accidents"]) == (1, 2)
    assert together["accidents"] == {"difference": -1, "percent": -50.0, "reason": None}
    assert found["total"]["month"]["accidents"]["difference"] == 0
    assert [point["cumulative_accidents"] for point in found["series"]] == [0, 0, 0, 0, 1]
    assert [point["cumulative_accidents_before"] for point in found["series"]] == [0, 0, 1, 1, 2]
    assert found["discrepancies"] == []


async def test_a_rate_of_nothing_is_null_and_says_why(incidents: Stage) -> None:
    await happened(incidents, 2023, 5)

    found = await analysis(incidents)

    assert found["total"]["cumulative"]["deaths"] == {
        "difference": 1,
        "percent": None,
        "reason": "zero_base",
    }
    assert found["closed_on_time"]["percent"] is None
    assert found["share_of_province"]["reason"] == "not_stated"


async def test_a_park_is_shown_in_two_trees_and_counted_once(incidents: Stage) -> None:
    await happened(incidents, 2023, 5, region_code="430472")
    await happened(incidents, 2023, 5, region_code="430408")

    found = await analysis(incidents)

    assert found["total"]["cumulative"]["now"]["accidents"] == 2
    assert line(found, "region", "430408")["cumulative"]["now"]["accidents"] == 2
    assert line(found, "park", "430472")["cumulative"]["now"]["accidents"] == 1
    assert line(found, "park", "")["cumulative"]["now"]["accidents"] == 1
    park = await analysis(incidents, region="430472")
    assert park["total"]["cumulative"]["now"]["accidents"] == 1
    county = await analysis(incidents, region="430408")
    assert county["total"]["cumulative"]["now"]["accidents"] == 2


async def test_the_roll_up_and_a_recount_say_the_same(incidents: Stage) -> None:
    for month in (1, 4, 5):
        await happened(incidents, 2022, month, accident_type="fire", industry="E47")
        await happened(incidents, 2023, month, region_code="430472", industry=None)
    await happened(incidents, 2022, 9, accident_type="electric_shock", industry="construction")

    kept = await analysis(incidents)
    counted = await analysis(incidents, basis="recount")

    assert counted.pop("basis") == "recount"
    assert kept.pop("basis") == "rollup"
    assert kept == counted


async def test_the_base_keeps_both_figures_when_an_accident_is_struck_off(
    incidents: Stage,
) -> None:
    gone = await happened(incidents, 2022, 3, casualties={"deaths": 4})
    await happened(incidents, 2022, 8, casualties={"deaths": 2})
    assert await incidents.fire_until(datetime(2022, 12, 31, 23, 59, tzinfo=SHANGHAI)) >= 0
    assert await incidents.rows(FrozenBase) == []
    await incidents.fire_until(datetime(2023, 1, 1, tzinfo=SHANGHAI), BASE_DUE)
    [base] = await incidents.rows(FrozenBase, region_code="430400")
    assert (base.year, base.accidents, base.deaths) == (2023, 2, 6)

    await strike(incidents, gone, Standing.STRUCK_OFF)

    found = await analysis(incidents)
    assert (found["base"]["accidents"], found["base"]["deaths"]) == (2, 6)
    assert (found["base"]["adjusted_accidents"], found["base"]["adjusted_deaths"]) == (1, 2)
    await strike(incidents, gone, Standing.COUNTED)
    assert (await analysis(incidents))["base"]["adjusted_deaths"] == 6


async def test_a_base_is_frozen_once_by_hand_or_by_the_year(incidents: Stage) -> None:
    await happened(incidents, 2022, 3)
    office = incidents.as_(OFFICE)
    first = await office.post("/incidents/statistics/bases", json={"year": 2023})
    again = await office.post("/incidents/statistics/bases", json={"year": 2023})
    await incidents.fire_until(datetime(2023, 1, 1, tzinfo=SHANGHAI), BASE_DUE)

    assert (first.status_code, first.json()["accidents"]) == (201, 1)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/base-frozen")
    assert len(await incidents.rows(FrozenBase, region_code="430400")) == 1


async def test_targets_are_judged_with_value_room_and_outlook(incidents: Stage) -> None:
    for month in (1, 2, 3, 4, 7):
        await happened(incidents, 2022, month, casualties={"deaths": 2})
    await incidents.fire_until(datetime(2023, 1, 1, tzinfo=SHANGHAI), BASE_DUE)
    await happened(incidents, 2023, 2, casualties={"deaths": 3})
    await happened(incidents, 2023, 5, industry="construction", casualties={"deaths": 1})
    office = incidents.as_(OFFICE)
    for kind, value in (("province_accidents", 25), ("construction_output_yi", 100)):
        stated = await office.post(
            "/incidents/statistics/figures",
            json={
                "kind": kind,
                "region_code": "430400",
                "month": "2023-05",
                "value": value,
                "source": "省安委办通报",
            },
        )
        assert stated.status_code == 201, stated.text

    found = await analysis(incidents)

    judged = {target["metric"]: target for target in found["targets"]}
    assert judged["accident_count_ge_larger"]["value"] == 1
    assert judged["accident_count_ge_larger"]["kept"] is False
    assert judged["accident_count_ge_larger"]["outlook"] == "missed"
    assert judged["accident_count"]["value"] == 50.0  # two against four in the same months
    assert judged["accident_count"]["room"] == 2  # four fifths of five, less two
    assert judged["death_count"]["value"] == 50.0
    assert judged["accident_count_share_of_province"]["value"] == 8.0
    share = judged["accident_count_share_of_province"]
    assert share["kept"] is True
    # Two to nine in the year, of the sixty that the province comes to.
    assert (share["low"], share["high"], share["outlook"]) == (3.3, 15.0, "open")
    assert judged["forest_fire_count_ge_larger"]["kept"] is True
    assert judged["construction_death_rate_per_10bn"]["value"] == 1.0
    assert judged["construction_death_rate_per_10bn"]["kept"] is False
    assert found["share_of_province"]["source"] == "省安委办通报"


@pytest.mark.parametrize(
    ("now", "kept", "room", "outlook"),
    [(2, True, 1, "open"), (3, False, 0, "missed")],  # three in the same months, four in the year
)
async def test_building_is_judged_against_its_year_before_with_outlook_and_room(
    incidents: Stage, now: int, kept: bool, room: int, outlook: str
) -> None:
    for month in (1, 3, 5, 9):
        await happened(incidents, 2022, month, industry="construction", casualties={"deaths": 1})
    for month in range(1, now + 1):
        await happened(incidents, 2023, month, industry="construction", casualties={"deaths": 1})

    judged = {one["metric"]: one for one in (await analysis(incidents))["targets"]}

    for metric in ("building_accident_count", "building_death_count"):
        target = judged[metric]
        assert target["kept"] is kept
        assert target["room"] == room
        assert target["low"] > target["high"]
        assert target["outlook"] == outlook


async def test_without_a_building_accident_the_year_before_there_is_no_reduction(
    incidents: Stage,
) -> None:
    await happened(incidents, 2023, 2, industry="construction", casualties={"deaths": 1})

    judged = {one["metric"]: one for one in (await analysis(incidents))["targets"]}

    target = judged["building_death_count"]
    assert (target["value"], target["low"], target["high"]) == (None, None, None)
    assert (target["reason"], target["outlook"]) == ("zero_base", None)


@pytest.mark.parametrize(
    ("output", "kept", "room"),
    # Two deaths; the output of the year is twelve fifths of what was stated.
    [("250", True, 2), ("248.5", True, 2), ("248.4", False, 2)],
)
async def test_the_death_rate_of_building_is_foreseen_with_its_output(
    incidents: Stage, output: str, kept: bool, room: int
) -> None:
    for month in (2, 4):
        await happened(incidents, 2023, month, industry="construction", casualties={"deaths": 1})
    judged = {one["metric"]: one for one in (await analysis(incidents))["targets"]}
    silent = judged["construction_death_rate_per_10bn"]
    assert (silent["value"], silent["reason"]) == (None, "not_stated")
    assert (silent["low"], silent["outlook"], silent["room"]) == (None, None, None)

    figure = {
        "kind": "construction_output_yi",
        "region_code": "430400",
        "month": "2023-05",
        "value": output,
        "source": "市统计局",
    }
    stated = await incidents.as_(OFFICE).post("/incidents/statistics/figures", json=figure)
    assert stated.status_code == 201, stated.text
    judged = {one["metric"]: one for one in (await analysis(incidents))["targets"]}

    target = judged["construction_death_rate_per_10bn"]
    assert (target["kept"], target["room"], target["outlook"]) == (kept, room, "open")
    assert target["low"] < 0.8 < target["high"]


async def test_a_corrected_figure_is_a_further_version(incidents: Stage) -> None:
    said = {
        "kind": "province_accidents",
        "region_code": "430400",
        "month": "2023-05",
        "source": "省安委办通报",
    }
    office = incidents.as_(OFFICE)
    await office.post("/incidents/statistics/figures", json=said | {"value": 20})
    second = await office.post("/incidents/statistics/figures", json=said | {"value": 25})

    assert second.json()["version"] == 2
    [stated] = (await analysis(incidents))["stated"]
    assert (stated["value"], stated["version"]) == (25, 2)


async def test_closure_in_time_is_measured_at_the_last_day(incidents: Stage) -> None:
    in_time = await happened(incidents, 2023, 1, casualties={"deaths": 1})
    late = await happened(incidents, 2023, 1, casualties={"deaths": 1})
    investigator = Principal(
        subject="i", roles=frozenset({"investigator"}), region="4304", unit="430400.emergency"
    )
    incidents.now = datetime(2023, 5, 1, tzinfo=SHANGHAI)
    for body, day in ((in_time, "2023-03-26"), (late, "2023-03-27")):  # 10 January + 75 days
        answer = await incidents.as_(investigator).post(
            f"/incidents/investigations/{body['accident_id']}/publication",
            json={"published_on": day, "title": "调查报告"},
        )
        assert answer.status_code == 201, answer.text
    await hear_own(incidents)

    found = await analysis(incidents)

    assert found["closed_on_time"] == {
        "part": 1,
        "whole": 2.0,
        "percent": 50.0,
        "reason": None,
        "source": None,
    }


async def test_a_bent_row_is_found_by_reconciliation(incidents: Stage) -> None:
    await happened(incidents, 2023, 5)
    async with incidents.work() as session:
        bent = Statistic.__table__.update().where(Statistic.shape == "type")
        await session.execute(bent.values(deaths=3))

    found = await analysis(incidents)

    assert {(d["by"], d["period"], d["measure"]) for d in found["discrepancies"]} == {
        ("type", "month", "deaths"),
        ("type", "cumulative", "deaths"),
    }
    assert {(d["total"], d["rows"]) for d in found["discrepancies"]} == {(1, 3)}


async def test_an_analysis_comes_as_a_file(incidents: Stage) -> None:
    await happened(incidents, 2023, 5)
    office = incidents.as_(OFFICE, Accept="text/csv", **{"Accept-Language": "zh-CN"})
    incidents.now = datetime(2023, 6, 5, tzinfo=SHANGHAI)
    answer = await office.get(ROUTE, params={"month": "2023-05"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["content-type"].startswith("text/csv")
    assert rows[0]["名称"] == "合计"
    assert (rows[0]["累计起数"], rows[0]["起数同比（%）"]) == ("1", "")


@pytest.mark.parametrize(
    ("by", "region", "status"),
    [
        (OFFICE, "430400", 200),
        (COUNTY_DESK, "430481", 200),
        (OTHER_COUNTY_DESK, "430481", 404),
        (COUNTY_DESK, "430400", 404),
        (ENTERPRISE, "430481", 403),
        (SYSTEM, "430400", 200),
    ],
)
async def test_offices_read_the_situation_of_their_own_area(
    incidents: Stage, by: Principal, region: str, status: int
) -> None:
    answer = await incidents.as_(by).get(ROUTE, params={"month": "2023-05", "region": region})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"month": "2023-13"}, 422),
        ({"month": "2023-05-02"}, 422),
        ({"month": "2023-07"}, 422),  # has not begun
        ({"month": "2023-05", "region": "999999"}, 422),
        ({}, 422),
    ],
)
async def test_what_is_no_month_or_place_is_refused(
    incidents: Stage, asked: dict[str, str], code: int
) -> None:
    answer = await incidents.as_(OFFICE).get(ROUTE, params=asked)
    assert answer.status_code == code, answer.text


async def test_a_late_change_moves_the_month_of_the_accident(incidents: Stage) -> None:
    body = await happened(incidents, 2023, 5, casualties={"deaths": 2})
    incidents.now += timedelta(days=3)
    await follow_up(incidents, body, casualties={"deaths": 3})
    await hear_own(incidents)

    found = await analysis(incidents)

    assert found["total"]["month"]["now"]["graver"] == 1
    assert line(found, "grade", "larger")["cumulative"]["now"]["deaths"] == 3
    assert line(found, "grade", "general")["cumulative"]["now"]["accidents"] == 0
