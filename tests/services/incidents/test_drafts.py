"""Drafts: kept, edited, handed in once."""

from typing import Any

import pytest

from kernel.access import Principal
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.drafts.tables import Draft
from services.incidents.reports.tables import Report
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    Body,
    report_body,
)
from tests.services.stage import Stage

ROUTE = "/incidents/drafts"


def words(**changes: Any) -> Body:
    body = report_body(**changes)
    del body["report_id"]
    return body


async def kept(stage: Stage, by: Principal = ENTERPRISE, **body: Any) -> Body:
    draft = {"draft_id": str(uuid7()), "body": body}
    answer = await stage.as_(by).post(ROUTE, json=draft)
    assert answer.status_code == 201, answer.text
    found: Body = answer.json()
    return found


@pytest.mark.parametrize("by", [ENTERPRISE, COUNTY_DESK])
async def test_a_draft_is_kept_edited_and_handed_in_once(incidents: Stage, by: Principal) -> None:
    draft = await kept(incidents, by, place="二号井")
    of, client = f"{ROUTE}/{draft['id']}", incidents.as_(by)

    assert [row["id"] for row in (await client.get(ROUTE)).json()] == [draft["id"]]
    edited = await client.put(of, json={"version": 1, "body": words()})
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    first = await client.post(f"{of}/submit")
    assert first.status_code == 201, first.text
    assert first.json()["receipt"]["report_id"] == draft["id"]
    assert (await client.post(f"{of}/submit")).status_code == 409
    assert (await client.put(of, json={"version": 2, "body": {}})).status_code == 409
    assert len(await incidents.rows(Accident)) == 1
    assert len(await incidents.rows(Report)) == 1
    [row] = await incidents.rows(Draft)
    assert (row.status, str(row.accident_id)) == ("submitted", draft["id"])
    assert (await client.get(ROUTE)).json() == []


async def test_a_draft_that_is_not_ready_is_refused_with_the_fields_and_stays(
    incidents: Stage,
) -> None:
    draft = await kept(incidents, place="二号井", casualties={"deaths": 1})
    answer = await incidents.as_(ENTERPRISE).post(f"{ROUTE}/{draft['id']}/submit")

    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/occurred_at", "/known_at", "/region_code", "/accident_type"}
    assert (await incidents.rows(Draft))[0].status == "open"


async def test_an_edit_of_an_older_version_is_refused(incidents: Stage) -> None:
    draft = await kept(incidents)
    of, client = f"{ROUTE}/{draft['id']}", incidents.as_(ENTERPRISE)
    await client.put(of, json={"version": 1, "body": {"place": "一号井"}})

    stale = await client.put(of, json={"version": 1, "body": {"place": "三号井"}})
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    assert (await client.get(of)).json()["body"] == {"place": "一号井"}


async def test_a_draft_may_be_given_up_and_is_then_not_handed_in(incidents: Stage) -> None:
    draft = await kept(incidents, **words())
    of, client = f"{ROUTE}/{draft['id']}", incidents.as_(ENTERPRISE)

    assert (await client.delete(of)).json()["status"] == "discarded"
    assert (await client.post(f"{of}/submit")).status_code == 409
    assert (await incidents.rows(Draft))[0].body["place"] == "二号井"
    assert await incidents.rows(Accident) == []


@pytest.mark.parametrize("by", [OTHER_ENTERPRISE, COUNTY_DESK, OTHER_COUNTY_DESK, INVESTIGATOR])
async def test_a_draft_is_its_authors_alone(incidents: Stage, by: Principal) -> None:
    draft = await kept(incidents, **words())
    answer = await incidents.as_(by).post(f"{ROUTE}/{draft['id']}/submit")

    assert answer.status_code in (403, 404)
    assert await incidents.rows(Accident) == []


async def test_a_field_that_no_report_has_is_refused(incidents: Stage) -> None:
    draft = {"draft_id": str(uuid7()), "body": {"colour": "red"}}
    answer = await incidents.as_(ENTERPRISE).post(ROUTE, json=draft)

    assert answer.json()["errors"][0]["pointer"] == "/body/colour"


async def test_a_draft_of_a_follow_up_becomes_one(incidents: Stage) -> None:
    first = await kept(incidents, **words(casualties={"deaths": 1}))
    client = incidents.as_(ENTERPRISE)
    opened = (await client.post(f"{ROUTE}/{first['id']}/submit")).json()["receipt"]
    more = await kept(
        incidents, kind="followup", accident_id=opened["accident_id"], casualties={"deaths": 3}
    )
    receipt = (await client.post(f"{ROUTE}/{more['id']}/submit")).json()["receipt"]

    assert (receipt["accident_id"], receipt["grade"]) == (opened["accident_id"], "larger")


async def test_a_draft_of_a_forest_fire_keeps_what_has_burnt(incidents: Stage) -> None:
    fire = {"accident_type": "forest_fire", "casualties": {"deaths": 0}, "burnt_area_ha": 1}
    draft = await kept(incidents, **words(**fire))
    answer = await incidents.as_(ENTERPRISE).post(f"{ROUTE}/{draft['id']}/submit")

    assert answer.status_code == 201, answer.text
    assert answer.json()["receipt"]["grade"] == "larger"
