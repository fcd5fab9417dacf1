"""What nobody knew at first of an accident is told later; what was wrong is put right by a desk."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.incidents import AccidentCorrected, AccidentPlaced, AccidentRegraded
from kernel.access import Principal
from kernel.calendar import SHANGHAI
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.investigations.tables import Assignment, Investigation
from services.incidents.maps.tables import MapPoint
from services.incidents.reports.tables import Report
from services.incidents.statistics.tables import CountedAccident
from tests.services.incidents.casework import CITY_TEAM
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    OTHER_COUNTY_DESK,
    RECEIVED,
    Body,
    heard,
    reported,
)
from tests.services.incidents.counting import follow_up, kept, recounted
from tests.services.incidents.test_corrections import corrected, versions
from tests.services.incidents.test_duplicates import decide, of, offered
from tests.services.stage import Stage

MOMENT = timedelta(microseconds=1)
CITY, MINES = ("city", "430400.government"), ("province", "430000.mine_safety")
LARGER: Body = {"casualties": {"deaths": 3}, "direct_loss_wan": 10}


async def unknown(stage: Stage, **said: Any) -> Body:
    """A larger accident of which nobody said at first in which trade it happened."""
    told = await reported(stage, **LARGER | {"industry": None} | said)
    await heard(stage)
    return told


async def holders(stage: Stage) -> tuple[list[tuple[str, str]], tuple[str, str]]:
    """Who investigated, one after the other, and who has the case."""
    held = sorted(await stage.rows(Assignment), key=lambda one: one.version)
    [case] = await stage.rows(Investigation)
    return [(one.level, one.unit) for one in held], (case.level, case.unit)


@pytest.mark.parametrize("later", [ENTERPRISE, COUNTY_DESK])
async def test_a_trade_that_a_later_report_tells_decides_who_investigates(
    incidents: Stage, later: Principal
) -> None:
    told = await unknown(incidents)
    assert (told["investigating_level"], told["investigating_unit"]) == CITY
    body = {"report_id": str(uuid7()), "kind": "followup", "accident_id": told["accident_id"]}
    answer = await incidents.as_(later).post("/incidents/reports", json=body | {"industry": "煤矿"})
    await heard(incidents)

    assert answer.status_code == 201, answer.text
    assert (answer.json()["investigating_level"], answer.json()["investigating_unit"]) == MINES
    [accident] = await incidents.rows(Accident)
    assert (accident.industry, accident.regime) == ("B06", "coal_mine")
    assert await holders(incidents) == ([CITY, MINES], MINES)
    [fact] = await incidents.told(AccidentCorrected)
    assert (fact["industry"], fact["accident_type"]) == ("B06", None)
    assert (fact["toll"]["deaths"], fact["investigating_unit"]) == (3, MINES[1])
    assert datetime.fromisoformat(fact["happened_at"]) == HAPPENED
    [counted] = await incidents.rows(CountedAccident)
    assert counted.industry == "B06"
    assert await kept(incidents) == await recounted(incidents)


async def test_a_trade_told_with_a_graver_grade_is_given_once_to_who_has_both(
    incidents: Stage,
) -> None:
    told = await unknown(incidents, casualties={"deaths": 2})
    await follow_up(incidents, told, industry="B06", casualties={"deaths": 3})
    await heard(incidents)

    assert await holders(incidents) == ([("county", "430481.government"), MINES], MINES)
    [graver] = await incidents.told(AccidentRegraded)
    assert (graver["industry"], graver["investigating_unit"]) == ("B06", MINES[1])


async def test_what_stands_is_not_moved_by_one_more_report_but_what_it_said_is_kept(
    incidents: Stage,
) -> None:
    told = await reported(incidents, **LARGER, industry="C26", accident_type="fire")
    await follow_up(incidents, told, industry="B06", accident_type="坍塌", enterprise_name="另一家")
    await heard(incidents)

    [accident] = await incidents.rows(Accident)
    assert (accident.industry, accident.accident_type) == ("C26", "fire")
    assert (accident.regime, accident.enterprise_name) == ("standard", None)
    said = {one.version: (one.industry, one.accident_type) for one in await incidents.rows(Report)}
    assert said == {1: ("C26", "fire"), 2: ("B06", "collapse")}
    assert await incidents.told(AccidentCorrected) == []


async def test_a_place_and_a_name_that_nobody_had_said_are_taken_over_once(
    incidents: Stage,
) -> None:
    nameless = {"enterprise_uscc": None, "location": None}
    told = await reported(incidents, by=CITY_DESK, **LARGER, **nameless, industry="C26")
    for name, lon in (("红星采石场", 112.86), ("别家", 112.9)):
        point = {"lon": lon, "lat": 26.42}
        await follow_up(incidents, told, enterprise_name=name, location=point)
    await heard(incidents)

    [accident], [point] = await incidents.rows(Accident), await incidents.rows(MapPoint)
    assert (accident.enterprise_name, accident.lon, point.lon) == ("红星采石场", 112.86, 112.86)


@pytest.mark.parametrize(
    ("by", "first", "right", "before", "after"),
    [
        (COUNTY_DESK, "C26", "B06", CITY, MINES),
        (COUNTY_DESK, "B06", "C26", MINES, CITY),
        (ENTERPRISE, "B06", "C26", MINES, MINES),
    ],
)
async def test_a_desk_puts_the_trade_right_and_the_case_goes_where_it_belongs(
    incidents: Stage,
    by: Principal,
    first: str,
    right: str,
    before: tuple[str, str],
    after: tuple[str, str],
) -> None:
    """An enterprise says what it likes on record, and cannot choose who investigates it."""
    told = await reported(incidents, **LARGER, industry=first)
    await heard(incidents)
    answer = await corrected(incidents, told["report_id"], by, industry=right)
    await heard(incidents)

    moves = before != after
    assert (answer.status_code, answer.json()["moved"]) == (201, moves)
    assert answer.json()["before"] == {"industry": first}
    assert await holders(incidents) == ([before, after][: 1 + moves], after)
    assert len(await incidents.told(AccidentCorrected)) == int(moves)
    [accident] = await incidents.rows(Accident)
    assert accident.industry == (right if moves else first)
    [counted] = await incidents.rows(CountedAccident)
    assert counted.industry == accident.industry


async def test_what_was_learnt_later_stands_in_the_history_of_a_correction(
    incidents: Stage,
) -> None:
    told = await unknown(incidents)
    await follow_up(incidents, told, industry="B06")
    await corrected(incidents, told["report_id"], COUNTY_DESK, "核实", industry="B10")

    found = await versions(incidents, told["report_id"])
    assert found["as_made"]["industry"] is None
    assert found["corrections"][0]["before"] == {"industry": "B06"}
    assert found["now_says"]["industry"] == "B10"
    path = f"/incidents/accidents/{told['accident_id']}/timeline"
    story = (await incidents.as_(COUNTY_DESK).get(path)).json()["entries"]
    [entry] = [one for one in story if one["kind"] == "corrected"]
    assert "行业由煤炭开采和洗选业改为非金属矿采选业（核实）" in entry["zh"]


SEVENTH, THIRTIETH = (datetime(2023, *day, tzinfo=SHANGHAI) for day in ((6, 9), (7, 2)))


@pytest.mark.parametrize(
    ("first", "right", "died_at", "before", "after"),
    [
        ("fire", "坍塌", SEVENTH - MOMENT, "larger", "larger"),
        ("fire", "坍塌", SEVENTH, "general", "larger"),
        ("fire", "坍塌", THIRTIETH - MOMENT, "general", "larger"),
        ("fire", "坍塌", THIRTIETH, "general", "general"),
        ("坍塌", "road_traffic", SEVENTH - MOMENT, "larger", "larger"),
        ("坍塌", "road_traffic", SEVENTH, "larger", "general"),
    ],
)
async def test_another_kind_has_another_window(
    incidents: Stage, first: str, right: str, died_at: datetime, before: str, after: str
) -> None:
    told = await reported(
        incidents,
        casualties={"deaths": 2},
        direct_loss_wan=10,
        industry="C26",
        accident_type=first,
    )
    incidents.now = died_at
    await follow_up(incidents, told, casualties={"deaths": 3})
    assert [row.grade for row in await incidents.rows(Accident)] == [before]
    await corrected(incidents, told["report_id"], COUNTY_DESK, accident_type=right)
    await heard(incidents)

    [accident] = await incidents.rows(Accident)
    assert accident.grade == after
    assert accident.late_deaths == int(after == "general")
    [fact] = await incidents.told(AccidentCorrected)
    assert (fact["accident_type"], fact["industry"]) == (accident.accident_type, None)
    assert fact["grade"] == after
    [counted] = await incidents.rows(CountedAccident)
    assert (counted.accident_type, counted.grade) == (accident.accident_type, after)
    assert await kept(incidents) == await recounted(incidents)


@pytest.mark.parametrize(
    ("first", "right", "area", "after"),
    [
        ("fire", "forest_fire", 0.9999, "general"),
        ("fire", "forest_fire", 1, "larger"),
        ("forest_fire", "fire", 1, "general"),
    ],
)
async def test_forest_fires_have_a_scale_of_their_own_however_late_they_are_known_for_one(
    incidents: Stage, first: str, right: str, area: float, after: str
) -> None:
    told = await reported(
        incidents,
        accident_type=first,
        industry="A02",
        casualties={"deaths": 0, "minor_injuries": 1},
        direct_loss_wan=10,
        burnt_area_ha=area,
    )
    answer = await corrected(incidents, told["report_id"], COUNTY_DESK, accident_type=right)

    assert answer.status_code == 201, answer.text
    [accident] = await incidents.rows(Accident)
    assert (accident.accident_type, accident.grade) == (right, after)


@pytest.mark.parametrize("name", ["accident_type", "industry"])
async def test_what_no_dictionary_knows_is_refused_with_its_field(
    incidents: Stage, name: str
) -> None:
    told = await reported(incidents)
    answer = await corrected(incidents, told["report_id"], COUNTY_DESK, **{name: "不存在"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/changes/{name}"


async def test_the_accident_that_goes_on_has_the_trade_that_only_the_other_one_knew(
    incidents: Stage,
) -> None:
    bare = {"enterprise_uscc": None, "industry": None, "location": None}
    first = await reported(incidents, by=CITY_DESK, **LARGER, **bare)
    incidents.now = RECEIVED + timedelta(minutes=5)
    later = await reported(incidents, **LARGER, industry="B06")
    await heard(incidents)
    body = {"accident_id": later["accident_id"], "other_id": first["accident_id"]}
    await incidents.as_(CITY_DESK).post("/incidents/duplicates", json=body)
    [pair] = await offered(incidents, CITY_DESK)
    answer = await decide(incidents, pair, "merge", CITY_DESK)
    await heard(incidents)

    assert answer.status_code == 200, answer.text
    stands = await of(incidents, first["accident_id"])
    assert (stands.industry, stands.investigating_unit, stands.lon) == ("B06", MINES[1], 112.86)
    [fact] = await incidents.told(AccidentCorrected)
    assert (fact["accident_id"], fact["report_id"]) == (first["accident_id"], later["report_id"])


async def test_nobody_is_asked_more_for_the_trade_of_what_goes_on_as_another(
    incidents: Stage,
) -> None:
    first = await reported(incidents, **LARGER, industry="C26")
    incidents.now = RECEIVED + timedelta(minutes=5)
    later = await reported(incidents, by=COUNTY_DESK, **LARGER, industry="C26")
    await heard(incidents)
    [pair] = await offered(incidents)
    await decide(incidents, pair, "merge")
    await corrected(incidents, later["report_id"], COUNTY_DESK, industry="B06")

    [fact] = await incidents.told(AccidentCorrected)
    assert (fact["industry"], fact["toll"], fact["investigating_unit"]) == ("B06", None, None)
    gone = await of(incidents, later["accident_id"])
    assert (str(gone.merged_into), gone.investigating_unit) == (first["accident_id"], CITY[1])


async def test_a_case_that_moves_takes_its_undecided_report_back(incidents: Stage) -> None:
    """The city had begun; the mine safety organ takes the case as it stands."""
    told = await reported(incidents, **LARGER, industry="C26")
    await heard(incidents)
    path = f"/incidents/investigations/{told['accident_id']}"
    assert (await incidents.as_(CITY_TEAM).post(f"{path}/begin")).is_success
    await corrected(incidents, told["report_id"], COUNTY_DESK, industry="B06")
    await heard(incidents)

    assert (await holders(incidents))[1] == MINES
    refused = await incidents.as_(CITY_TEAM).put(f"{path}/dossier/cause", json={"text": "t"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-the-team")


GENERAL: Body = {"casualties": {"deaths": 1}, "direct_loss_wan": 10, "industry": "C26"}
ZHUHUI, LEIYANG = "430405", "430481"


async def test_an_accident_that_was_put_into_the_wrong_county_goes_where_it_lies(
    incidents: Stage,
) -> None:
    told = await reported(incidents, **GENERAL)
    await heard(incidents)
    answer = await corrected(incidents, told["report_id"], CITY_DESK, region_code=ZHUHUI)
    await heard(incidents)

    assert answer.status_code == 201, answer.text
    assert (answer.json()["before"], answer.json()["moved"]) == ({"region_code": LEIYANG}, True)
    [moved] = await incidents.told(AccidentPlaced)
    assert (moved["from_region"], moved["region_code"]) == (LEIYANG, ZHUHUI)
    there = "430405.government"
    assert await holders(incidents) == (
        [("county", "430481.government"), ("county", there)],
        ("county", there),
    )
    assert await kept(incidents) == await recounted(incidents)
    [counted] = await incidents.rows(CountedAccident)
    assert counted.region_code == ZHUHUI
    path = f"/incidents/accidents/{told['accident_id']}"
    for by, status in ((OTHER_COUNTY_DESK, 200), (COUNTY_DESK, 404)):
        assert (await incidents.as_(by).get(path)).status_code == status
    story = (await incidents.as_(OTHER_COUNTY_DESK).get(f"{path}/timeline")).json()["entries"]
    [entry] = [one for one in story if one["kind"] == "corrected"]
    assert "行政区划由耒阳市改为珠晖区" in entry["zh"]


async def test_a_county_moves_no_accident_into_another(incidents: Stage) -> None:
    told = await reported(incidents, **GENERAL)
    answer = await corrected(incidents, told["report_id"], COUNTY_DESK, region_code=ZHUHUI)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/changes/region_code"
    own = await corrected(incidents, told["report_id"], COUNTY_DESK, region_code=LEIYANG)
    assert own.status_code == 201
    mine = await corrected(incidents, told["report_id"], ENTERPRISE, region_code=ZHUHUI)
    assert (mine.status_code, mine.json()["moved"]) == (201, False)
    assert [row.region_code for row in await incidents.rows(Accident)] == [LEIYANG]
    assert await incidents.told(AccidentPlaced) == []


async def test_place_day_and_trade_are_put_right_together(incidents: Stage) -> None:
    told = await reported(incidents, **GENERAL | {"casualties": {"deaths": 3}})
    await heard(incidents)
    earlier = HAPPENED - timedelta(days=1)
    right = {"region_code": ZHUHUI, "industry": "B06", "occurred_at": earlier.isoformat()}
    answer = await corrected(incidents, told["report_id"], CITY_DESK, **right)
    await heard(incidents)

    assert answer.status_code == 201, answer.text
    assert await holders(incidents) == ([CITY, MINES], MINES)
    [accident] = await incidents.rows(Accident)
    assert (accident.region_code, accident.occurred_at) == (ZHUHUI, earlier)
    assert await kept(incidents) == await recounted(incidents)
