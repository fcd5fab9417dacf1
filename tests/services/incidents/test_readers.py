"""Who opened which accident, and the story of an enterprise."""

from dataclasses import replace
from datetime import timedelta

from services.incidents.readers.tables import Reading
from tests.services.incidents.conftest import (
    AUDITOR,
    CITY_DESK,
    COUNTY_DESK,
    DAY,
    ENTERPRISE,
    HAPPENED,
    INVESTIGATOR,
    OFFICE,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    OTHER_USCC,
    PROVINCE,
    USCC,
    Body,
    heard,
    reported,
)
from tests.services.stage import Stage


async def readers(stage: Stage, accident: str, **asked: str) -> list[Body]:
    answer = await stage.as_(AUDITOR).get(f"/incidents/accidents/{accident}/readers", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[Body] = answer.json()["items"]
    return items


async def test_opening_an_accident_is_remembered(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    path = f"/incidents/accidents/{accident}"
    await incidents.as_(COUNTY_DESK).get(path)
    await incidents.as_(ENTERPRISE).get(f"{path}/timeline")
    incidents.now += timedelta(minutes=5)
    await incidents.as_(COUNTY_DESK).get(path)
    seen = await readers(incidents, accident)

    assert [(one["subject"], one["part"], one["times"]) for one in seen] == [
        (COUNTY_DESK.subject, "accident", 2),
        (ENTERPRISE.subject, "timeline", 1),
    ]
    assert seen[0]["unit"] == COUNTY_DESK.unit
    assert seen[0]["first_at"] < seen[0]["last_at"]


async def test_each_story_of_an_enterprise_that_was_shown_is_remembered(incidents: Stage) -> None:
    earlier, later = [(await reported(incidents))["accident_id"] for _ in range(2)]
    path = f"/incidents/enterprises/{USCC}/timeline"
    await incidents.as_(CITY_DESK).get(path, params={"limit": 1})
    await incidents.as_(OTHER_ENTERPRISE).get(path)

    [seen] = await readers(incidents, later)
    assert (seen["subject"], seen["part"], seen["times"]) == (CITY_DESK.subject, "timeline", 1)
    assert await readers(incidents, earlier) == []


async def test_a_further_place_that_reads_along_is_remembered_and_the_leading_one_sees_it(
    incidents: Stage,
) -> None:
    accident = (await reported(incidents, also_in=["430405"]))["accident_id"]
    await heard(incidents)
    path = f"/incidents/shared/{accident}"
    await incidents.as_(OTHER_COUNTY_DESK).get(path)
    refused = await incidents.as_(OTHER_ENTERPRISE).get(path)

    assert refused.status_code == 404
    [seen] = await readers(incidents, accident)
    assert (seen["subject"], seen["part"]) == (OTHER_COUNTY_DESK.subject, "accident")
    assert seen["unit"] == OTHER_COUNTY_DESK.unit


async def test_each_day_is_remembered_apart(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    for _ in range(2):
        await incidents.as_(CITY_DESK).get(f"/incidents/accidents/{accident}")
        incidents.now += DAY

    assert [one["read_on"] for one in await readers(incidents, accident)] == [
        "2023-06-02",
        "2023-06-01",
    ]
    assert len(await readers(incidents, accident, part="timeline")) == 0


async def test_a_refused_reading_and_a_list_leave_nothing(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    refused = await incidents.as_(OTHER_ENTERPRISE).get(f"/incidents/accidents/{accident}")
    await incidents.as_(CITY_DESK).get("/incidents/accidents")
    await incidents.as_(PROVINCE).get("/exchange/accidents")

    assert refused.status_code == 404
    assert await incidents.rows(Reading) == []


async def test_only_who_is_entitled_sees_the_readers(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    path = f"/incidents/accidents/{accident}/readers"
    statuses = {
        by.subject: (await incidents.as_(by).get(path)).status_code
        for by in (AUDITOR, OFFICE, COUNTY_DESK, ENTERPRISE, INVESTIGATOR)
    }

    assert list(statuses.values()) == [200, 200, 403, 403, 403]
    elsewhere = replace(AUDITOR, region="4302", unit="430200.emergency")
    assert (await incidents.as_(elsewhere).get(path)).status_code == 404


async def test_readers_come_as_a_file_too(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    await incidents.as_(CITY_DESK).get(f"/incidents/accidents/{accident}")
    answer = await incidents.as_(AUDITOR, Accept="text/csv").get(
        f"/incidents/accidents/{accident}/readers"
    )

    assert CITY_DESK.subject in answer.text


async def test_an_enterprise_has_its_story_newest_accident_first(incidents: Stage) -> None:
    made = []
    for hours in (3, 2, 1):
        at = (HAPPENED - timedelta(hours=hours)).isoformat()
        made.append((await reported(incidents, occurred_at=at, known_at=at))["accident_id"])
    await reported(incidents, OTHER_ENTERPRISE, enterprise_uscc=OTHER_USCC, region_code="430405")
    client = incidents.as_(CITY_DESK)
    path = f"/incidents/enterprises/{USCC}/timeline"
    first = (await client.get(path, params={"limit": 2})).json()
    rest = (await client.get(path, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    chapters = [*first["items"], *rest["items"]]
    assert [chapter["accident_id"] for chapter in chapters] == made[::-1]
    assert rest["next_cursor"] is None
    assert [entry["kind"] for entry in chapters[0]["entries"][:3]] == [
        "occurred",
        "reported",
        "graded",
    ]
    own = await incidents.as_(ENTERPRISE).get(path)
    assert len(own.json()["items"]) == 3


async def test_a_page_of_stories_is_short_whatever_is_asked(incidents: Stage) -> None:
    for _ in range(11):
        await reported(incidents)
    path = f"/incidents/enterprises/{USCC}/timeline"
    page = (await incidents.as_(CITY_DESK).get(path, params={"limit": 200})).json()

    assert len(page["items"]) == 10
    assert page["next_cursor"]


async def test_nobody_reads_the_story_of_anothers_enterprise(incidents: Stage) -> None:
    accident = (await reported(incidents))["accident_id"]
    finding = {"accident_id": accident, "kind": "late", "evidence": "e"}
    await incidents.as_(COUNTY_DESK).post("/incidents/findings", json=finding)
    path = f"/incidents/enterprises/{USCC}/timeline"
    theirs = (await incidents.as_(OTHER_ENTERPRISE).get(path)).json()
    own = (await incidents.as_(ENTERPRISE).get(path)).json()
    office = (await incidents.as_(OFFICE).get(path)).json()

    assert theirs["items"] == []
    assert "finding" not in {entry["kind"] for entry in own["items"][0]["entries"]}
    assert "finding" in {entry["kind"] for entry in office["items"][0]["entries"]}
    assert (await incidents.as_(OFFICE).get(path.replace(USCC, "123"))).status_code == 422
