"""Reading accidents: trial grades, lists, files, and what the province pulls."""

from datetime import timedelta

import httpx
import pytest

from kernel.access import Principal
from services.incidents.accidents.tables import Accident
from services.incidents.exchange import queries
from tests.eventually import eventually
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    OTHER_USCC,
    PROVINCE,
    Body,
    reported,
)
from tests.services.stage import Stage


async def test_anybody_with_a_role_may_grade_without_keeping(incidents: Stage) -> None:
    inspector = Principal(subject="i", roles=frozenset({"inspector"}), region="430481")
    answer = await incidents.as_(inspector).post(
        "/incidents/grading",
        json={
            "casualties": {"deaths": 5, "missing": 8},
            "missing_presumed_dead": True,
            "industry": "06",
            "region_code": "430481",
        },
    )

    graded = answer.json()
    assert (graded["grade"], graded["grade_basis"]["value"]) == ("major", 13)
    assert graded["relays"] == ["city", "province", "national"]
    assert (graded["investigating_level"], graded["investigating_unit"]) == (
        "province",
        "430000.mine_safety",
    )
    assert await incidents.rows(Accident) == []


async def test_a_trial_without_a_place_names_no_unit(incidents: Stage) -> None:
    answer = await incidents.as_(ENTERPRISE).post("/incidents/grading", json={})

    assert (answer.json()["grade"], answer.json()["investigating_unit"]) == ("general", None)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"occurred_at": "2006-01-01T00:00:00Z"}, "/occurred_at"),
        ({"occurred_at": "2033-01-01T00:00:00Z"}, "/occurred_at"),
        ({"casualties": {"deaths": -1}}, "/casualties/deaths"),
        ({"kind": "quick"}, "/kind"),
    ],
)
async def test_bad_questions_are_refused_by_their_field(
    incidents: Stage, asked: dict[str, object], pointer: str
) -> None:
    answer = await incidents.as_(ENTERPRISE).post("/incidents/grading", json=asked)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_accidents_are_listed_newest_first_page_by_page(incidents: Stage) -> None:
    made = []
    for hours in range(3):
        at = (incidents.now - timedelta(hours=10 - hours)).isoformat()
        made.append((await reported(incidents, occurred_at=at, known_at=at))["accident_id"])
    client = incidents.as_(CITY_DESK)
    first = (await client.get("/incidents/accidents", params={"limit": 2})).json()
    rest = (
        await client.get(
            "/incidents/accidents", params={"limit": 2, "cursor": first["next_cursor"]}
        )
    ).json()

    listed = [accident["id"] for accident in (*first["items"], *rest["items"])]
    assert listed == made[::-1]
    assert rest["next_cursor"] is None


async def test_a_list_is_a_file_when_asked_for_one(incidents: Stage) -> None:
    await reported(incidents)
    answer = await incidents.as_(CITY_DESK, Accept="text/csv", **{"Accept-Language": "zh"}).get(
        "/incidents/accidents"
    )

    header, row = answer.text.lstrip("\ufeff").splitlines()[:2]
    assert "事故等级" in header or "等级" in header
    assert "larger" in row


async def test_everybody_lists_their_own_part(incidents: Stage) -> None:
    mine = (await reported(incidents))["accident_id"]
    theirs = (
        await reported(
            incidents, OTHER_ENTERPRISE, enterprise_uscc=OTHER_USCC, region_code="430405"
        )
    )["accident_id"]

    async def listed(by: Principal) -> set[str]:
        answer = await incidents.as_(by).get("/incidents/accidents")
        return {accident["id"] for accident in answer.json()["items"]}

    assert await listed(CITY_DESK) == {mine, theirs}
    assert await listed(COUNTY_DESK) == await listed(ENTERPRISE) == {mine}
    assert await listed(OTHER_COUNTY_DESK) == await listed(OTHER_ENTERPRISE) == {theirs}


async def _pulled(client: httpx.AsyncClient, path: str, **asked: str) -> Body:
    """The next changes, once every transaction that could come before them has ended."""

    async def pull() -> Body:
        page: Body = (await client.get(path, params=asked)).json()
        assert page["items"]
        return page

    return await eventually(pull)


@pytest.mark.parametrize("path", ["/exchange/accidents", "/incidents/accidents/changes"])
async def test_the_province_pulls_every_change_in_order(incidents: Stage, path: str) -> None:
    answer = await reported(incidents)
    accident, [first, _] = answer["accident_id"], answer["relays"]
    client = incidents.as_(PROVINCE)
    pulled = await _pulled(client, path)
    await incidents.as_(COUNTY_DESK).post(f"/incidents/relays/{first['id']}/forward")
    more = await _pulled(client, path, cursor=pulled["next_cursor"])
    nothing = (await client.get(path, params={"cursor": more["next_cursor"]})).json()

    assert [(one["entity_id"], one["version"]) for one in pulled["items"]] == [(accident, 1)]
    assert [(one["entity_id"], one["version"]) for one in more["items"]] == [(accident, 2)]
    assert pulled["items"][0]["body"]["grade"] == "larger"
    assert nothing["items"] == []


async def test_another_province_pulls_nothing(incidents: Stage) -> None:
    await reported(incidents)
    guangdong = Principal(
        subject="gd", roles=frozenset({"exchange_client"}), region="44", client=True
    )

    assert (await incidents.as_(guangdong).get("/exchange/accidents")).json()["items"] == []


def test_places_below_a_prefix_hold_parks_and_divisions() -> None:
    places = queries.places_below("4304")

    assert {"430400", "430481", "430471"} <= set(places)
    assert all(place.startswith("4304") for place in places)
