"""Findings: suspected, upheld, confirmed or dismissed, by two people and with evidence."""

from datetime import timedelta
from pathlib import Path

import pytest

from contracts.incidents import FindingDismissed, FindingMade, InvestigationEscalated
from kernel.access import Principal
from kernel.files import Objects
from services.incidents.findings import domain
from services.incidents.findings.tables import FindingFile, FindingStep
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OFFICE,
    OTHER_COUNTY_DESK,
    PNG,
    SECOND_INVESTIGATOR,
    Body,
    reported,
)
from tests.services.stage import Stage

ROUTE = "/incidents/findings"
WHY = {"reason": "调取监控和就医记录"}


async def suspected(stage: Stage, by: Principal = INVESTIGATOR, **changes: object) -> Body:
    accident = await reported(stage, industry="C26", casualties={"deaths": 3})
    said = {"accident_id": accident["accident_id"], "kind": "concealed", "evidence": "医院记录"}
    answer = await stage.as_(by).post(ROUTE, json=said | {"status": "suspected"} | changes)
    assert answer.status_code == 201, answer.text
    finding: Body = answer.json()
    return finding


async def judged(stage: Stage, finding: Body, action: str, by: Principal) -> tuple[int, Body]:
    answer = await stage.as_(by).post(f"{ROUTE}/{finding['id']}/{action}", json=WHY)
    return answer.status_code, answer.json()


async def test_a_suspicion_is_kept_among_those_who_look_into_it(incidents: Stage) -> None:
    finding = await suspected(incidents)

    assert finding["status"] == "suspected"
    assert await incidents.told(FindingMade) == []
    assert await incidents.told(InvestigationEscalated) == []
    [listed] = (await incidents.as_(INVESTIGATOR).get(f"{ROUTE}?status=suspected")).json()
    assert listed["id"] == finding["id"]
    assert (await incidents.as_(OTHER_COUNTY_DESK).get(ROUTE)).json() == []
    assert (await incidents.as_(ENTERPRISE).get(ROUTE)).status_code == 403


async def test_a_suspicion_becomes_a_finding_step_by_step(incidents: Stage) -> None:
    finding = await suspected(incidents)
    incidents.now += timedelta(days=1)
    upheld = await judged(incidents, finding, "uphold", SECOND_INVESTIGATOR)
    incidents.now += timedelta(days=1)
    confirmed = await judged(incidents, finding, "confirm", SECOND_INVESTIGATOR)

    assert (upheld[0], confirmed[0], confirmed[1]["status"]) == (200, 200, "confirmed")
    told = await incidents.told(FindingMade)
    assert [fact["status"] for fact in told] == ["preliminary", "confirmed"]
    assert {fact["finding_id"] for fact in told} == {finding["id"]}
    assert len(await incidents.told(InvestigationEscalated)) == 1
    steps = confirmed[1]["steps"]
    assert [step["status"] for step in steps] == ["suspected", "preliminary", "confirmed"]
    assert [step["by"] for step in steps] == ["investigator"] + ["second investigator"] * 2
    assert [step["reason"] for step in steps] == ["医院记录", WHY["reason"], WHY["reason"]]


async def test_who_raised_it_does_not_confirm_it_alone(incidents: Stage) -> None:
    finding = await suspected(incidents)
    await judged(incidents, finding, "uphold", INVESTIGATOR)
    status, refused = await judged(incidents, finding, "confirm", INVESTIGATOR)

    assert status == 403
    assert refused["type"] == "/problems/second-person-needed"
    assert (await judged(incidents, finding, "confirm", SECOND_INVESTIGATOR))[0] == 200


async def test_once_somebody_else_upheld_it_who_raised_it_may_confirm(incidents: Stage) -> None:
    finding = await suspected(incidents)
    await judged(incidents, finding, "uphold", SECOND_INVESTIGATOR)

    assert (await judged(incidents, finding, "confirm", INVESTIGATOR))[0] == 200


@pytest.mark.parametrize(
    ("upheld", "by", "status"),
    [
        (False, INVESTIGATOR, 200),
        (False, SECOND_INVESTIGATOR, 200),
        (True, INVESTIGATOR, 403),
        (True, SECOND_INVESTIGATOR, 200),
    ],
)
async def test_a_suspicion_is_dropped_by_one_and_a_finding_by_two(
    incidents: Stage, upheld: bool, by: Principal, status: int
) -> None:
    finding = await suspected(incidents)
    if upheld:
        await judged(incidents, finding, "uphold", INVESTIGATOR)
    answered, _ = await judged(incidents, finding, "dismiss", by)

    assert answered == status
    assert len(await incidents.told(FindingDismissed)) == (1 if status == 200 else 0)


@pytest.mark.parametrize("action", ["uphold", "confirm", "dismiss"])
async def test_a_dismissed_finding_stays_dismissed(incidents: Stage, action: str) -> None:
    finding = await suspected(incidents)
    await judged(incidents, finding, "dismiss", SECOND_INVESTIGATOR)
    status, refused = await judged(incidents, finding, action, SECOND_INVESTIGATOR)

    assert (status, refused["type"]) == (409, "/problems/finding-action-refused")


@pytest.mark.parametrize(
    ("by", "status"), [(COUNTY_DESK, 403), (OTHER_COUNTY_DESK, 403), (ENTERPRISE, 403)]
)
async def test_findings_are_judged_by_the_right_posts(
    incidents: Stage, by: Principal, status: int
) -> None:
    finding = await suspected(incidents)

    assert (await judged(incidents, finding, "uphold", by))[0] == status


@pytest.mark.parametrize("status", ["preliminary", "confirmed"])
async def test_a_desk_alone_suspects_and_lifts_no_investigation(
    incidents: Stage, status: str
) -> None:
    accident = await reported(incidents, industry="C26", casualties={"deaths": 3})
    said = {"accident_id": accident["accident_id"], "kind": "concealed", "evidence": "医院记录"}
    desk = incidents.as_(COUNTY_DESK)
    if status == "confirmed":  # what others have found
        await incidents.as_(INVESTIGATOR).post(ROUTE, json=said | {"status": "preliminary"})
    before = await incidents.told()
    refused = await desk.post(ROUTE, json=said | {"status": status})
    suspected = await desk.post(ROUTE, json=said)

    assert refused.status_code == 403
    assert (suspected.status_code, suspected.json()["status"]) == (201, "suspected")
    assert await incidents.told() == before


async def test_whoever_judges_findings_states_one_at_once(incidents: Stage) -> None:
    finding = await suspected(incidents, by=OFFICE, status="preliminary")

    assert finding["status"] == "preliminary"
    assert len(await incidents.told(InvestigationEscalated)) == 1


async def test_nobody_confirms_what_nobody_found(incidents: Stage) -> None:
    accident = await reported(incidents)
    said = {"accident_id": accident["accident_id"], "kind": "false", "evidence": "e"}
    answer = await incidents.as_(INVESTIGATOR).post(ROUTE, json=said | {"status": "confirmed"})

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/second-person-needed")
    dismissed = await incidents.as_(INVESTIGATOR).post(ROUTE, json=said | {"status": "dismissed"})
    assert (dismissed.status_code, dismissed.json()["errors"][0]["pointer"]) == (422, "/status")
    assert await incidents.told(FindingMade) == []


async def test_a_second_person_confirms_by_stating_it(incidents: Stage) -> None:
    first = await suspected(incidents, status="preliminary")
    said = {"accident_id": first["accident_id"], "kind": "concealed", "evidence": "口供"}
    answer = await incidents.as_(SECOND_INVESTIGATOR).post(
        ROUTE, json=said | {"status": "confirmed"}
    )

    assert (answer.status_code, answer.json()["id"]) == (201, first["id"])
    assert answer.json()["status"] == "confirmed"
    assert len(await incidents.rows(FindingStep)) == 2


async def test_files_prove_a_finding_by_the_hash_of_their_content(
    incidents: Stage, tmp_path: Path
) -> None:
    incidents.application.state.objects = Objects.at(str(tmp_path))
    finding = await suspected(incidents)
    path = f"{ROUTE}/{finding['id']}/files"
    png = {"Content-Type": "image/png"}

    async def put(by: Principal, content: bytes) -> tuple[int, Body]:
        answer = await incidents.as_(by).put(
            path, params={"name": "病历.png"}, content=content, headers=png
        )
        return answer.status_code, answer.json()

    status, kept = await put(INVESTIGATOR, PNG)
    again, _ = await put(INVESTIGATOR, PNG)
    assert (status, again) == (200, 200)
    assert (kept["name"], kept["media_type"], kept["size"]) == ("病历.png", "image/png", len(PNG))
    assert len(await incidents.rows(FindingFile)) == 1
    fetched = await incidents.as_(SECOND_INVESTIGATOR).get(f"{path}/{kept['sha256']}")
    assert (fetched.status_code, fetched.content) == (200, PNG)
    story = (await incidents.as_(INVESTIGATOR).get(f"{ROUTE}/{finding['id']}")).json()
    assert [file["sha256"] for file in story["files"]] == [kept["sha256"]]
    assert (await put(ENTERPRISE, PNG))[0] == 403
    assert (await put(OTHER_COUNTY_DESK, PNG))[0] == 404
    assert (await put(INVESTIGATOR, b"#!/bin/sh"))[0] == 415
    missing = await incidents.as_(INVESTIGATOR).get(f"{path}/{'0' * 64}")
    assert missing.status_code == 404


async def test_without_a_store_files_are_refused_and_not_lost(incidents: Stage) -> None:
    finding = await suspected(incidents)
    answer = await incidents.as_(INVESTIGATOR).put(
        f"{ROUTE}/{finding['id']}/files", params={"name": "n"}, content=PNG
    )

    assert answer.status_code == 503


async def test_a_confirmation_by_one_alone_would_be_noticed(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: nobody looks who raised it."""
    monkeypatch.setattr(domain, "refuse_alone", lambda *_, **__: None)

    with pytest.raises(AssertionError):
        await test_who_raised_it_does_not_confirm_it_alone(incidents)
