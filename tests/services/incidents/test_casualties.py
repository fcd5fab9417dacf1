"""Casualties as people: listed with history, masked, disclosed only with a reason."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from kernel.access import Principal
from services.incidents.casualties.tables import Casualty, CasualtyVersion
from services.incidents.readers.tables import Reading
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OFFICE,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    PROVINCE,
    Body,
    hear_itself,
    reported,
)
from tests.services.stage import Stage

NAME, NUMBER, HOSPITAL = "王小明", "430481199003071017", "市第一人民医院"
PERSON = {"name": NAME, "id_number": NUMBER, "hospital": HOSPITAL, "state": "trapped"}
LEADER = Principal(
    subject="leader", roles=frozenset({"leader"}), region="4304", unit="430400.emergency"
)


@pytest.fixture
async def accident(incidents: Stage) -> str:
    told = await reported(incidents)
    return f"/incidents/accidents/{told['accident_id']}"


async def listed(
    stage: Stage, accident: str, by: Principal = COUNTY_DESK, **changes: Any
) -> tuple[int, Body]:
    person = {name: value for name, value in (PERSON | changes).items() if value is not None}
    answer = await stage.as_(by).post(f"{accident}/casualties", json=person)
    return answer.status_code, answer.json()


async def changed(
    stage: Stage, accident: str, person: Body, by: Principal = COUNTY_DESK, **change: Any
) -> tuple[int, Body]:
    body = {"version": person["version"]} | change
    answer = await stage.as_(by).patch(f"{accident}/casualties/{person['id']}", json=body)
    return answer.status_code, answer.json()


async def test_a_person_is_listed_and_shown_masked(incidents: Stage, accident: str) -> None:
    status, person = await listed(incidents, accident)
    answer = await incidents.as_(LEADER).get(f"{accident}/casualties")

    assert status == 201
    assert (person["name"], person["id_number"], person["state"], person["version"]) == (
        "王**",
        "4304************17",
        "trapped",
        1,
    )
    assert answer.json()["items"] == [person]
    for shown in (NAME, NUMBER, HOSPITAL):
        assert shown not in answer.text


async def test_what_becomes_of_somebody_is_kept_with_its_history(
    incidents: Stage, accident: str
) -> None:
    _, person = await listed(incidents, accident, ENTERPRISE)
    _, person = await changed(incidents, accident, person, action="hurt_seriously")
    status, person = await changed(incidents, accident, person, ENTERPRISE, action="die")
    history = await incidents.as_(LEADER).get(f"{accident}/casualties/{person['id']}/history")

    assert (status, person["state"], person["version"]) == (200, "dead", 3)
    assert [
        (one["state"], one["action"], one["changed_by"]) for one in history.json()["items"]
    ] == [
        ("trapped", None, ENTERPRISE.subject),
        ("seriously_injured", "hurt_seriously", COUNTY_DESK.subject),
        ("dead", "die", ENTERPRISE.subject),
    ]
    assert {one["name"] for one in history.json()["items"]} == {"王**"}


async def test_what_does_not_follow_and_what_is_stale_is_refused(
    incidents: Stage, accident: str
) -> None:
    _, person = await listed(incidents, accident, state="dead")
    stays, _ = await changed(incidents, accident, person, action="rescue")
    _, corrected = await changed(incidents, accident, person, action="correct_death")
    stale, _ = await changed(incidents, accident, person, action="strike")
    opening, _ = await listed(incidents, accident, state="struck", id_number=None)

    assert (stays, stale, opening) == (409, 412, 422)
    assert corrected["state"] == "missing"


async def test_the_same_person_is_listed_once(incidents: Stage, accident: str) -> None:
    await listed(incidents, accident)
    again, problem = await listed(incidents, accident, ENTERPRISE, name="王晓明")
    _, nameless = await listed(incidents, accident, id_number=None)
    moved, _ = await changed(incidents, accident, nameless, id_number=NUMBER)
    elsewhere = f"/incidents/accidents/{(await reported(incidents))['accident_id']}"

    assert (again, moved) == (409, 409)
    assert NUMBER not in json.dumps(problem, ensure_ascii=False)
    assert (await listed(incidents, elsewhere))[0] == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"id_number": "430481199003071011"},
        {"id_number": "1"},
        {"name": " "},
        {"state": "alive"},
        {"phone": "13800000000"},
    ],
)
async def test_a_bad_entry_is_refused_without_repeating_it(
    incidents: Stage, accident: str, wrong: dict[str, str]
) -> None:
    status, problem = await listed(incidents, accident, **wrong)

    assert status == 422
    assert NAME not in json.dumps(problem, ensure_ascii=False)
    assert "430481199003071011" not in json.dumps(problem)


async def test_people_are_compared_with_what_was_reported(incidents: Stage, accident: str) -> None:
    for number in range(5):
        await listed(incidents, accident, state="dead", id_number=f"E{number}234567")
    path = f"{accident}/casualties"
    before = (await incidents.as_(COUNTY_DESK).get(path)).json()
    for number in range(8):
        await listed(incidents, accident, state="missing", id_number=f"M{number}234567")
    after = (await incidents.as_(COUNTY_DESK).get(path)).json()

    differing = {one["state"]: one["difference"] for one in before["compared"]}
    assert (differing["dead"], differing["missing"], before["agrees"]) == (0, -8, False)
    assert after["agrees"] is True


async def test_identities_are_disclosed_with_a_reason_and_audited(
    incidents: Stage, accident: str
) -> None:
    await listed(incidents, accident)
    reason = "通知家属并核对身份"
    answer = await incidents.as_(INVESTIGATOR, **{"Idempotency-Key": "k1"}).post(
        f"{accident}/casualties/disclosure", json={"reason": reason}
    )

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    [person] = answer.json()["items"]
    assert (person["name"], person["id_number"], person["hospital"]) == (NAME, NUMBER, HOSPITAL)
    async with incidents.work() as session:
        query = text("SELECT actor, detail FROM audit WHERE act = 'disclose_casualties'")
        [note] = (await session.execute(query)).all()
    assert (note.actor, note.detail) == (INVESTIGATOR.subject, {"reason": reason, "people": 1})
    [reading] = await incidents.rows(Reading, part="identities")
    assert reading.subject == INVESTIGATOR.subject


async def test_nothing_is_disclosed_without_a_reason_or_to_others(
    incidents: Stage, accident: str
) -> None:
    await listed(incidents, accident)
    path = f"{accident}/casualties/disclosure"

    async def asked(by: Principal, body: Body) -> int:
        answer = await incidents.as_(by).post(path, json=body)
        assert NAME not in answer.text
        return answer.status_code

    for body in ({}, {"reason": "   "}, {"reason": "查看"}):
        assert await asked(INVESTIGATOR, body) == 422
    statuses = [
        await asked(by, {"reason": "核对身份"})
        for by in (LEADER, ENTERPRISE, PROVINCE, OTHER_COUNTY_DESK)
    ]
    assert statuses == [403, 403, 403, 404]
    async with incidents.work() as session:
        count = text("SELECT count(*) FROM audit WHERE act = 'disclose_casualties'")
        assert await session.scalar(count) == 0


async def test_only_reporters_and_desks_of_the_accident_list_people(
    incidents: Stage, accident: str
) -> None:
    statuses = [
        (await listed(incidents, accident, by, id_number=None))[0]
        for by in (ENTERPRISE, COUNTY_DESK, LEADER, OFFICE, OTHER_ENTERPRISE, OTHER_COUNTY_DESK)
    ]

    assert statuses == [201, 201, 403, 403, 404, 404]


async def test_no_identity_stands_in_plain_anywhere(incidents: Stage, accident: str) -> None:
    _, person = await listed(incidents, accident)
    await changed(incidents, accident, person, action="rescue", hospital="县人民医院")
    await incidents.as_(INVESTIGATOR, **{"Idempotency-Key": "k1"}).post(
        f"{accident}/casualties/disclosure", json={"reason": "核对身份"}
    )
    await hear_itself(incidents)
    tables = text(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    held = {}
    async with incidents.work() as session:
        for table in await session.scalars(tables):
            if table.endswith("_version") and table not in {"casualty_version", "grade_version"}:
                continue
            rows = (await session.execute(text(f'SELECT t.* FROM "{table}" t'))).all()
            held[table] = b"".join(
                value if isinstance(value, bytes) else str(value).encode()
                for row in rows
                for value in row
            )

    assert held["casualty"]
    assert held["casualty_version"]
    for secret in (NAME, NUMBER, HOSPITAL):
        assert [table for table, content in held.items() if secret.encode() in content] == []
    assert len(await incidents.rows(CasualtyVersion)) == 2


async def test_no_export_and_no_fact_names_anybody(incidents: Stage, accident: str) -> None:
    await listed(incidents, accident)
    file = await incidents.as_(OFFICE, Accept="text/csv").get("/incidents/accidents")
    pulled = await incidents.as_(PROVINCE).get("/exchange/accidents")
    told = json.dumps(await incidents.told(), ensure_ascii=False)

    for said in (file.text, pulled.text, told):
        assert NAME not in said
        assert NUMBER not in said


async def test_an_entry_of_another_accident_is_not_found(incidents: Stage, accident: str) -> None:
    _, person = await listed(incidents, accident)
    other = f"/incidents/accidents/{(await reported(incidents))['accident_id']}"
    status, _ = await changed(incidents, other, person, action="die")
    history = await incidents.as_(LEADER).get(f"{other}/casualties/{person['id']}/history")

    assert (status, history.status_code) == (404, 404)
    [row] = await incidents.rows(Casualty)
    assert row.state == "trapped"
