"""An accident that came with coordinates alone is placed, and moves with all that is kept of it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from contracts.incidents import AccidentPlaced, AccidentShared
from kernel.access import Principal
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base
from services.incidents.investigations.tables import Assignment, Investigation
from services.incidents.maps.tables import MapPoint, MapTile
from services.incidents.sharing import operations_placing
from services.incidents.statistics.domain import ZERO, Measures, Shape
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    OTHER_COUNTY_DESK,
    Body,
    heard,
    reported,
)
from tests.services.incidents.counting import kept, recounted
from tests.services.stage import Stage

CITY, ZHUHUI, SHIGU = "430400", "430405", "430407"
BETWEEN_DISTRICTS: Body = {
    "region_code": None,
    "place": None,
    "location": {"lon": 112.61, "lat": 26.892},
    "casualties": {"deaths": 1},
    "direct_loss_wan": 120,
    "industry": "C26",
}


async def unplaced(stage: Stage, **said: Any) -> str:
    """A general accident somewhere in the city, with everything that followed from its report."""
    accident: str = (await reported(stage, **BETWEEN_DISTRICTS | said))["accident_id"]
    await heard(stage)
    return accident


async def placed(stage: Stage, accident: str, region: str, by: Principal = CITY_DESK) -> Body:
    path = f"/incidents/accidents/{accident}/places"
    answer = await stage.as_(by).post(path, json={"region_code": region})
    assert answer.status_code == 200, answer.text
    await heard(stage)
    return answer.json()


async def counted_in(stage: Stage, region: str) -> Measures:
    sums = await kept(stage)
    assert sums == await recounted(stage)
    found = (
        measures
        for key, measures in sums.items()
        if (key.shape, key.region_code) == (Shape.TOTAL, region)
    )
    return sum(found, start=ZERO)


async def standing_in(stage: Stage, accident: str) -> dict[str, set[str]]:
    """In which divisions the rows about an accident stand, by table."""
    found = {}
    async with stage.work() as session:
        for table in Base.metadata.sorted_tables:
            if {"accident_id", "region_code"} <= set(table.c.keys()):
                query = f'SELECT DISTINCT region_code FROM "{table.name}" WHERE accident_id = :id'
                found[table.name] = set(await session.scalars(text(query), {"id": accident}))
    return {name: regions for name, regions in found.items() if regions}


async def test_who_answers_where_it_lies_investigates_and_its_receiver_stays(
    incidents: Stage,
) -> None:
    accident = await unplaced(incidents)
    [before] = await incidents.rows(Investigation)
    assert (before.region_code, before.unit) == (CITY, "430400.government")

    answer = await placed(incidents, accident, ZHUHUI)

    assert (answer["region_code"], answer["unplaced"]) == (ZHUHUI, False)
    assert answer["investigating_unit"] == "430405.government"
    [row] = await incidents.rows(Accident)
    assert (row.receiving_unit, row.investigating_level) == ("430400.emergency", "county")
    [case] = await incidents.rows(Investigation)
    assert (case.region_code, case.unit, case.level) == (ZHUHUI, "430405.government", "county")
    units = {one.version: one.unit for one in await incidents.rows(Assignment)}
    assert list(units.values()) == ["430400.government", "430405.government"]
    [told] = await incidents.told(AccidentPlaced)
    assert (told["from_region"], told["region_code"]) == (CITY, ZHUHUI)
    assert (told["investigating_unit"], told["toll"]["deaths"]) == ("430405.government", 1)


async def test_it_is_counted_found_and_shown_where_it_lies(incidents: Stage) -> None:
    accident = await unplaced(incidents)
    assert (await counted_in(incidents, CITY)).accidents == 1

    await placed(incidents, accident, ZHUHUI)

    assert await counted_in(incidents, CITY) == ZERO
    assert (await counted_in(incidents, ZHUHUI)).deaths == 1
    desk = incidents.as_(OTHER_COUNTY_DESK)
    found = await desk.get("/incidents/accidents/search", params={"q": "透水"})
    assert [one["id"] for one in found.json()["items"]] == [accident]
    [point] = await incidents.rows(MapPoint)
    assert point.region_code == ZHUHUI
    tiles = {(tile.region_code, tile.accidents) for tile in await incidents.rows(MapTile)}
    assert tiles == {(CITY, 0), (ZHUHUI, 1)}


async def test_all_that_is_kept_of_it_stands_where_it_lies(incidents: Stage) -> None:
    accident = await unplaced(incidents)
    before = await standing_in(incidents, accident)
    assert {"report", "grade_version", "assignment", "notice", "entry", "rescue"} <= before.keys()

    await placed(incidents, accident, ZHUHUI)

    after = await standing_in(incidents, accident)
    assert after.keys() == before.keys() | {"share"}
    assert after.pop("assignment") == {CITY, ZHUHUI}  # who had it before decided there
    assert set().union(*after.values()) == {ZHUHUI}
    async with incidents.work(OTHER_COUNTY_DESK) as session:
        assert await session.scalar(text("SELECT count(*) FROM report")) == 1


def test_only_tables_that_are_there_are_left_where_they_stand() -> None:
    assert {table.name for table in Base.metadata.sorted_tables} >= operations_placing.STAY


async def test_of_a_report_nothing_but_its_place_is_ever_changed(incidents: Stage) -> None:
    await unplaced(incidents)
    async with incidents.work() as session:
        await session.execute(text("UPDATE report SET region_code = '430405'"))
    for changed in ("UPDATE report SET summary = 'x'", "DELETE FROM report"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with incidents.work() as session:
                await session.execute(text(changed))


async def test_once_it_is_placed_a_further_place_shares_it(incidents: Stage) -> None:
    accident = await unplaced(incidents)
    await placed(incidents, accident, ZHUHUI)
    await placed(incidents, accident, SHIGU)

    [row] = await incidents.rows(Accident)
    assert row.region_code == ZHUHUI
    assert len(await incidents.told(AccidentPlaced)) == 1
    last = (await incidents.told(AccidentShared))[-1]
    assert (last["region_code"], last["place"]) == (ZHUHUI, SHIGU)


async def test_a_desk_moves_nothing_out_of_its_own_area(incidents: Stage) -> None:
    accident = await unplaced(incidents, location={"lon": 112.86, "lat": 26.42})

    await placed(incidents, accident, ZHUHUI, COUNTY_DESK)

    [row] = await incidents.rows(Accident)
    assert (row.region_code, row.unplaced) == ("430481", False)
    assert await incidents.told(AccidentPlaced) == []
    [told] = await incidents.told(AccidentShared)
    assert told["unit"] == "430405.emergency"


async def test_where_it_was_thought_to_lie_it_may_lie_indeed(incidents: Stage) -> None:
    accident = await unplaced(incidents, location={"lon": 112.86, "lat": 26.42})

    await placed(incidents, accident, "430481", COUNTY_DESK)

    [row] = await incidents.rows(Accident)
    assert (row.region_code, row.unplaced) == ("430481", False)
    assert await incidents.told(AccidentPlaced) == []
