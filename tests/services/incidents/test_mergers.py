"""One accident that came in twice is one accident, wherever accidents are read."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from contracts.incidents import EntryOverdue
from contracts.incidents_cases import InvestigationOverdue, InvestigationWarned
from kernel.access import Principal
from services.incidents.entries import queries as entries
from services.incidents.maps import queries as maps
from services.incidents.maps.tables import MapTile
from tests.eventually import eventually
from tests.services.incidents.clues import handed_in
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    PROVINCE,
    RECEIVED,
    USCC,
    Body,
    heard,
    reported,
)
from tests.services.stage import Stage

ACCIDENTS = "/incidents/accidents"
EXTENT = {"bbox": "111.5,26,113.5,27.5"}
MILD: Body = {"casualties": {"deaths": 1}, "industry": "C26", "direct_loss_wan": None}


async def merged(stage: Stage, *, settled: bool = True, **second: Any) -> tuple[str, str]:
    """Two reports of one accident: the one that goes on, and the one that was merged into it.

    Unless `settled`, the service has not yet heard itself tell of the merger.
    """
    kept = await reported(stage, **MILD)
    stage.now = RECEIVED + timedelta(minutes=5)
    gone = await reported(stage, by=COUNTY_DESK, **MILD | second)
    await heard(stage)
    desk = stage.as_(COUNTY_DESK)
    [pair] = (await desk.get("/incidents/duplicates")).json()
    stage.now += timedelta(minutes=5)
    path = f"/incidents/duplicates/{pair['id']}/merge"
    answer = await desk.post(path, json={"why": "同一起"})
    assert answer.status_code == 200, answer.text
    if settled:
        await heard(stage)
    return str(kept["accident_id"]), str(gone["accident_id"])


async def ids(client: httpx.AsyncClient, path: str, **asked: str) -> list[str]:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


@pytest.mark.parametrize("by", [CITY_DESK, COUNTY_DESK, ENTERPRISE])
async def test_a_list_leaves_a_merged_accident_out_unless_asked(
    incidents: Stage, by: Principal
) -> None:
    kept, gone = await merged(incidents)
    client = incidents.as_(by)

    assert await ids(client, ACCIDENTS) == [kept]
    assert await ids(client, ACCIDENTS, merged="false") == [kept]
    assert await ids(client, ACCIDENTS, merged="true") == [gone]


async def test_a_file_of_the_list_leaves_it_out_too(incidents: Stage) -> None:
    kept, gone = await merged(incidents)
    client = incidents.as_(CITY_DESK, Accept="text/csv")
    usual = (await client.get(ACCIDENTS)).text
    asked = (await client.get(ACCIDENTS, params={"merged": "true"})).text

    assert (kept in usual, gone in usual) == (True, False)
    assert len(asked.splitlines()) == 2
    assert gone in asked


async def test_a_search_finds_it_once(incidents: Stage) -> None:
    kept, gone = await merged(incidents)
    client = incidents.as_(CITY_DESK)

    assert await ids(client, f"{ACCIDENTS}/search", q="二号井") == [kept]
    assert await ids(client, f"{ACCIDENTS}/search", q="二号井", merged="true") == [gone]


@pytest.mark.parametrize("counted_in_advance", [False, True])
async def test_a_map_shows_and_counts_it_once(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch, counted_in_advance: bool
) -> None:
    if counted_in_advance:
        monkeypatch.setattr(maps, "MOST_COUNTED", 0)
    _, gone = await merged(incidents)
    client = incidents.as_(CITY_DESK)
    usual = (await client.get("/incidents/map", params=EXTENT)).json()
    asked = (await client.get("/incidents/map", params=EXTENT | {"merged": "true"})).json()

    assert (usual["accidents"], usual["clustered"]) == (1, counted_in_advance)
    assert [feature["id"] for feature in asked["features"]] == [gone]
    assert sum(tile.accidents for tile in await incidents.rows(MapTile)) == 3  # one in each grid


async def test_a_map_counts_it_once_where_nobody_knows_the_spot(incidents: Stage) -> None:
    await merged(incidents, location=None)
    answer = await incidents.as_(CITY_DESK).get("/incidents/map", params=EXTENT)

    assert (answer.json()["accidents"], answer.json()["unlocated"]) == (1, 0)


async def test_the_merged_one_is_still_read_and_names_the_one_that_goes_on(
    incidents: Stage,
) -> None:
    kept, gone = await merged(incidents)
    answer = await incidents.as_(CITY_DESK).get(f"{ACCIDENTS}/{gone}")

    assert (answer.status_code, answer.json()["merged_into"]) == (200, kept)
    assert (await incidents.as_(CITY_DESK).get(f"{ACCIDENTS}/{kept}")).json()["merged_into"] is None


async def test_the_story_of_an_enterprise_has_it_once(incidents: Stage) -> None:
    kept, gone = await merged(incidents)
    path = f"/incidents/enterprises/{USCC}/timeline"
    for by in (CITY_DESK, ENTERPRISE):
        client = incidents.as_(by)
        usual = (await client.get(path)).json()["items"]
        asked = (await client.get(path, params={"merged": "true"})).json()["items"]

        assert [chapter["accident_id"] for chapter in usual] == [kept]
        assert [chapter["accident_id"] for chapter in asked] == [gone]


async def test_the_province_pulls_the_merger_as_a_change(incidents: Stage) -> None:
    kept, gone = await merged(incidents, settled=False)
    client = incidents.as_(PROVINCE)

    async def newest() -> dict[str, Any]:
        pulled = (await client.get(f"{ACCIDENTS}/changes")).json()["items"]
        states = {one["entity_id"]: one["body"] for one in pulled}
        assert states.get(gone, {}).get("merged_into")
        return states

    states: dict[str, Any] = await eventually(newest)
    assert (states[gone]["merged_into"], states[kept]["merged_into"]) == (kept, None)


async def test_a_second_report_is_no_second_accident_of_the_enterprise(incidents: Stage) -> None:
    kept, _ = await merged(incidents, casualties={"deaths": 3})
    path = f"/incidents/investigations/{kept}/standing"
    grounds = (await incidents.as_(INVESTIGATOR).get(path)).json()["grounds"]
    [again] = [one for one in grounds if one["code"] == "same_enterprise_again"]

    assert again["stands"] is False


async def test_a_sign_is_matched_with_the_one_that_goes_on(incidents: Stage) -> None:
    kept, _ = await merged(incidents)
    lead = await handed_in(incidents, deaths_alleged=1)
    path = f"/incidents/leads/{lead['id']}/candidates"
    found = (await incidents.as_(COUNTY_DESK).get(path)).json()

    assert [one["accident_id"] for one in found] == [kept]


async def test_a_merged_accident_alarms_nobody_and_asks_for_no_entry_of_its_own(
    incidents: Stage,
) -> None:
    kept, _ = await merged(incidents)
    for day in range(70):
        await incidents.fire_until(RECEIVED + timedelta(days=day))
    listed = await incidents.as_(COUNTY_DESK).get("/incidents/statistics/entries")

    for kind in (EntryOverdue, InvestigationWarned, InvestigationOverdue):
        assert {fact["accident_id"] for fact in await incidents.told(kind)} == {kept}
    assert [entry["accident_id"] for entry in listed.json()["items"]] == [kept]
    async with incidents.work() as session:
        period = {"since": RECEIVED - timedelta(days=1), "before": RECEIVED + timedelta(days=1)}
        counted = await entries.punctuality(session, prefix="4304", **period)
    assert (counted.entries, counted.entered_late) == (1, 1)
