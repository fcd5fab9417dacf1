"""A part of a shared duty is proved as a whole one is: own files, looked at, judged, asked of."""

from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from contracts.tasks_evidence import EvidenceQuestioned, EvidenceReturned
from kernel.access import Principal
from reference.terms import DutyKind
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.measured import HOUSING, asked, planned
from tests.services.tasks.pictures import jpeg, scene
from tests.services.tasks.quotas import keep_files
from tests.services.tasks.sharing import DONE, DUE, FIRE, divide, of, part, read, step, took
from tests.services.tasks.story import CITY, CITY_OFFICE, OTHER_DESK

WATER = f"{CITY}.water"
MEETINGS = "2.2"
NOWHERE = "01890000-0000-7000-8000-00000000ffff"


@pytest.fixture
async def city(tasks: Stage, tmp_path: Path) -> Stage:
    keep_files(tasks, tmp_path)
    return await planned(tasks)


@pytest.fixture
async def shared(city: Stage) -> Obligation:
    row = await asked(city, "10.4", DutyKind.DEADLINE_TASK, unit=HOUSING, due_at=DUE)
    await divide(city)
    return row


async def add(city: Stage, by: Principal, of_unit: str, content: bytes) -> Response:
    found = await part(city, of_unit)
    client = city.as_(by, **{"content-type": "image/jpeg"})
    path = f"/tasks/parts/{found.id}/files"
    return await client.post(path, params={"kind": "photo"}, content=content)


async def added(city: Stage, unit: str, content: bytes) -> Any:
    answer = await add(city, of(unit), unit, content)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def pieces(city: Stage, row: Obligation) -> dict[str, Any]:
    return {piece["subject"]: piece for piece in (await read(city, row))["evidence"]}


async def test_a_part_is_handed_in_with_a_file_that_its_unit_added(
    city: Stage, shared: Obligation
) -> None:
    file = await added(city, FIRE, jpeg(scene(1)))

    await took(city, of(FIRE), FIRE, "hand-in", **DONE, files=[file["id"]])

    piece = (await pieces(city, shared))[FIRE]
    (entry,) = (await read(city, shared))["entries"]
    assert [kept["sha256"] for kept in piece["files"]] == [file["sha256"]] == entry["files"]
    assert (piece["state"], piece["flags"]) == ("waiting", [])


@pytest.mark.parametrize("files", [["ab" * 32], [NOWHERE]])
async def test_what_nobody_stored_proves_no_part(
    city: Stage, shared: Obligation, files: list[str]
) -> None:
    answer = await step(city, of(FIRE), FIRE, "hand-in", DONE | {"files": files})

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/files/0"]
    assert (await part(city, FIRE)).status == "open"


async def test_a_file_proves_the_part_of_whoever_added_it(city: Stage, shared: Obligation) -> None:
    file = await added(city, WATER, jpeg(scene(1)))

    taken = await step(city, of(FIRE), FIRE, "hand-in", DONE | {"files": [file["id"]]})
    beside = await add(city, of(WATER), FIRE, jpeg(scene(2)))
    stranger = await add(city, OTHER_DESK, FIRE, jpeg(scene(2)))

    assert [one.status_code for one in (taken, beside, stranger)] == [422, 403, 404]


async def test_a_photo_of_another_part_is_accepted_with_a_reason_only(
    city: Stage, shared: Obligation
) -> None:
    for unit in (WATER, FIRE):
        file = await added(city, unit, jpeg(scene(1)))
        await took(city, of(unit), unit, "hand-in", **DONE, files=[file["id"]])

    bare = await step(city, of(HOUSING), FIRE, "accept")
    await took(city, of(HOUSING), FIRE, "accept", remark="They went together.")

    flags = {unit: piece["flags"] for unit, piece in (await pieces(city, shared)).items()}
    assert (bare.status_code, bare.json()["flags"]) == (409, ["reused_file"])
    assert flags[WATER] == []


async def test_a_day_after_the_deadline_is_shown_to_whoever_judges(
    city: Stage, shared: Obligation
) -> None:
    city.now = DUE.replace(day=12)
    await took(city, of(FIRE), FIRE, "hand-in", **DONE | {"happened_on": "2023-06-11"})

    bare = await step(city, of(HOUSING), FIRE, "accept")

    assert (bare.status_code, bare.json()["type"]) == (409, "/problems/flagged-without-reason")


async def test_a_returned_part_is_told_to_the_unit_that_holds_it(
    city: Stage, shared: Obligation
) -> None:
    await took(city, of(FIRE), FIRE, "hand-in")

    await took(city, of(HOUSING), FIRE, "return", reason="Which sites?")

    (fact,) = await city.told(EvidenceReturned)
    piece = (await pieces(city, shared))[FIRE]
    assert (fact["subject_code"], fact["evidence_id"]) == (FIRE, piece["id"])
    assert (piece["state"], piece["remark"]) == ("returned", "Which sites?")


async def test_what_is_asked_about_a_part_waits_for_its_unit_to_answer(
    city: Stage, shared: Obligation
) -> None:
    early = await step(city, of(HOUSING), FIRE, "ask", {"question": "Which sites?"})
    await took(city, of(FIRE), FIRE, "hand-in")

    own = await step(city, of(FIRE), FIRE, "ask", {"question": "Which sites?"})
    await took(city, of(HOUSING), FIRE, "ask", question="Which sites?")
    alien = await step(city, of(HOUSING), FIRE, "answer", {"answer": "All."})
    await took(city, of(FIRE), FIRE, "answer", answer="Those of the list.")
    await took(city, of(HOUSING), FIRE, "accept")

    (fact,) = await city.told(EvidenceQuestioned)
    piece = (await pieces(city, shared))[FIRE]
    assert [one.status_code for one in (early, own, alien)] == [409, 403, 403]
    assert fact["subject_code"] == FIRE
    assert (piece["state"], piece["questions"][0]["answer"]) == ("accepted", "Those of the list.")


async def test_what_the_lead_did_itself_proves_no_supporting_part(
    city: Stage, shared: Obligation
) -> None:
    handed = await city.as_(of(HOUSING)).post(
        f"/tasks/obligations/{shared.id}/evidence",
        json={"note": "The list.", "happened_on": "2023-06-01"},
    )
    body = DONE | {"evidence_id": handed.json()["id"]}

    answer = await step(city, of(FIRE), FIRE, "hand-in", body)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/alien-evidence")


async def test_proof_of_a_part_is_none_of_the_whole(city: Stage, shared: Obligation) -> None:
    await took(city, of(FIRE), FIRE, "hand-in")
    piece = (await pieces(city, shared))[FIRE]
    path = f"/tasks/obligations/{shared.id}"

    reviewed = await city.as_(CITY_OFFICE).post(f"{path}/accept", json={"evidence_id": piece["id"]})
    whole = (await city.as_(CITY_OFFICE).get(path)).json()

    assert reviewed.status_code == 404
    assert (whole["status"], whole["evidence"]) == ("open", [])


async def test_a_part_is_not_accepted_without_the_kinds_of_evidence_that_its_duty_asks_for(
    city: Stage,
) -> None:
    """A meeting of a standing committee is shown by its minutes."""
    await asked(city, MEETINGS, DutyKind.RECURRING_QUOTA, unit=HOUSING, due_at=DUE, least=1)
    await divide(city, subjects=("city:lead",), lead=(HOUSING,), supporting=(FIRE,))
    await took(city, of(FIRE), FIRE, "hand-in")

    bare = await step(city, of(HOUSING), FIRE, "accept")
    await took(city, of(HOUSING), FIRE, "return", reason="Send the minutes.")
    await took(city, of(FIRE), FIRE, "hand-in", **DONE | {"kind": "minutes"})
    await took(city, of(HOUSING), FIRE, "accept")

    assert (bare.status_code, bare.json()["type"]) == (409, "/problems/proof-incomplete")
    assert (await part(city, FIRE)).status == "accepted"
