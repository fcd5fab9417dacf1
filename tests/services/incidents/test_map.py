"""Accidents on the map."""

from datetime import timedelta

import pytest

from kernel.access import Principal
from kernel.ids import uuid7
from services.incidents.maps import queries
from services.incidents.maps.tables import MapTile
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    OTHER_USCC,
    RECEIVED,
    Body,
    hear_itself,
    reported,
)
from tests.services.stage import Stage

CITY = "111.5,26,113.5,27.5"
NOBODY = Principal(subject="n", roles=frozenset({"leader"}), region="44")


async def shown(stage: Stage, by: Principal = CITY_DESK, bbox: str = CITY, **more: object) -> Body:
    answer = await stage.as_(by).get("/incidents/map", params={"bbox": bbox, **more})  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    told: Body = answer.json()
    assert told["type"] == "FeatureCollection"
    return told


async def told(stage: Stage, lon: float = 112.86, lat: float = 26.42, **changes: object) -> str:
    answer = await reported(stage, **{"location": {"lon": lon, "lat": lat}} | changes)
    accident: str = answer["accident_id"]
    return accident


async def test_few_accidents_are_shown_one_by_one(incidents: Stage) -> None:
    accident = await told(incidents)
    await told(incidents, lon=114.0)
    await hear_itself(incidents)
    answer = await shown(incidents)

    [feature] = answer["features"]
    assert feature["id"] == accident
    assert feature["geometry"] == {"type": "Point", "coordinates": [112.86, 26.42]}
    assert feature["properties"]["grade"] == "larger"
    assert (answer["clustered"], answer["accidents"], answer["unlocated"]) == (False, 1, 0)


async def test_the_edge_of_the_map_counts_as_inside(incidents: Stage) -> None:
    await told(incidents)
    await hear_itself(incidents)

    assert (await shown(incidents, bbox="112.86,26.42,113,27"))["accidents"] == 1
    assert (await shown(incidents, bbox="112.8600001,26.42,113,27"))["accidents"] == 0


async def test_accidents_without_coordinates_are_counted(incidents: Stage) -> None:
    await reported(incidents, location=None)
    await told(incidents)
    await hear_itself(incidents)
    answer = await shown(incidents)

    assert (answer["accidents"], answer["unlocated"]) == (1, 1)
    assert (await shown(incidents, grade="major"))["unlocated"] == 0
    assert (await shown(incidents, OTHER_COUNTY_DESK))["unlocated"] == 0


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)


async def test_many_are_shown_as_cells(incidents: Stage, few: None) -> None:
    for _ in range(3):
        await told(incidents)
    await told(incidents, lon=111.9, casualties={"deaths": 1})
    await hear_itself(incidents)
    answer = await shown(incidents)

    counts = {
        tuple(sorted(one["properties"]["grades"].items())): one["properties"]["accidents"]
        for one in answer["features"]
    }
    assert counts == {(("larger", 3),): 3, (("general", 1),): 1}
    assert (answer["clustered"], answer["accidents"]) == (True, 4)
    west, south, east, north = answer["features"][-1]["bbox"]
    assert (west <= 112.86 < east, south <= 26.42 < north) == (True, True)


async def test_very_many_are_counted_in_advance_and_as_exactly(
    incidents: Stage, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        await told(incidents, lon=112.1 + n / 10)
    await hear_itself(incidents)
    one_by_one = await shown(incidents)
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    since, before = HAPPENED - timedelta(hours=1), HAPPENED + timedelta(hours=1)
    period = {"since": since.isoformat(), "before": before.isoformat()}
    in_advance = await shown(incidents, **period)

    assert one_by_one["accidents"] == in_advance["accidents"] == 4
    # Counted by the month: the answer says which period it is of.
    assert in_advance["since"] == "2023-06-01T00:00:00+08:00"
    assert in_advance["before"] == "2023-07-01T00:00:00+08:00"
    assert one_by_one["since"] is None
    assert (await shown(incidents, before="2023-05-31T16:00:00Z"))["accidents"] == 0


async def test_a_new_grade_moves_the_counts(incidents: Stage) -> None:
    accident = await told(incidents)
    await hear_itself(incidents)
    incidents.now = RECEIVED + timedelta(hours=1)
    body = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": accident,
        "casualties": {"deaths": 10},
    }
    await incidents.as_(ENTERPRISE).post("/incidents/reports", json=body)
    await hear_itself(incidents)
    tiles = await incidents.rows(MapTile)

    assert {tile.grade for tile in tiles if tile.accidents} == {"major"}
    assert sum(tile.accidents for tile in tiles) == 3  # once in every grid
    assert (await shown(incidents, grade="larger"))["accidents"] == 0
    assert (await shown(incidents, grade="major"))["accidents"] == 1


async def test_everybody_sees_their_own_part(incidents: Stage, few: None) -> None:
    for _ in range(3):
        await told(incidents)
    await reported(incidents, OTHER_ENTERPRISE, enterprise_uscc=OTHER_USCC, region_code="430405")
    await hear_itself(incidents)
    counted = {
        by.subject: (await shown(incidents, by))["accidents"]
        for by in (CITY_DESK, COUNTY_DESK, ENTERPRISE, OTHER_COUNTY_DESK, OTHER_ENTERPRISE, NOBODY)
    }

    assert list(counted.values()) == [4, 3, 3, 1, 1, 0]


async def test_counts_in_advance_are_of_the_actors_own_part(
    incidents: Stage, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 0)
    await told(incidents)
    await reported(incidents, OTHER_ENTERPRISE, enterprise_uscc=OTHER_USCC, region_code="430405")
    await hear_itself(incidents)

    assert [
        (await shown(incidents, by))["accidents"]
        for by in (CITY_DESK, COUNTY_DESK, ENTERPRISE, NOBODY)
    ] == [2, 1, 1, 0]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({}, "query:bbox"),
        ({"bbox": "1,2,3"}, "query:bbox"),
        ({"bbox": CITY, "since": "2023-01-01"}, "query:since"),
        ({"bbox": CITY, "grade": "huge"}, "query:grade"),
    ],
)
async def test_bad_questions_are_refused(
    incidents: Stage, asked: dict[str, str], pointer: str
) -> None:
    answer = await incidents.as_(CITY_DESK).get("/incidents/map", params=asked)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
