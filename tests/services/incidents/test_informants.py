"""Who gave a sign is masked, and shown in full to one who asked and another agreed to."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from kernel.access import Principal
from services.incidents.informants.tables import Informant
from tests.services.incidents.clues import (
    HOTLINE,
    LEADER,
    OFFICE,
    SECRET_NAME,
    SECRET_PHONE,
    handed_in,
)
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    PROVINCE,
    Body,
)
from tests.services.stage import Stage


async def sealed(stage: Stage) -> str:
    await handed_in(stage)
    [informant] = await stage.rows(Informant)
    return str(informant.id)


async def asked(stage: Stage, informant: str, by: Principal = COUNTY_DESK) -> Body:
    path = f"/incidents/informants/{informant}/reveals"
    answer = await stage.as_(by).post(path, json={"reason": "须当面核实"})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_first_stage_is_masked(incidents: Stage) -> None:
    informant = await sealed(incidents)
    answer = await incidents.as_(COUNTY_DESK).get(f"/incidents/informants/{informant}")

    assert (answer.json()["name"], answer.json()["contact"]) == ("欧***", "***5678")


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (COUNTY_DESK, 200),
        (CITY_DESK, 200),
        (OFFICE, 200),
        (OTHER_COUNTY_DESK, 404),
        # those who inspect and investigate, and the source itself, have no business with it
        (INVESTIGATOR, 403),
        (LEADER, 403),
        (HOTLINE, 403),
        (PROVINCE, 403),
        (ENTERPRISE, 403),
    ],
)
async def test_the_desk_alone_sees_even_the_mask(
    incidents: Stage, by: Principal, status: int
) -> None:
    informant = await sealed(incidents)

    answer = await incidents.as_(by).get(f"/incidents/informants/{informant}")
    assert answer.status_code == status


async def test_the_second_stage_needs_a_reason_and_a_second_person(incidents: Stage) -> None:
    informant = await sealed(incidents)
    reveal = await asked(incidents, informant)
    path = f"/incidents/informants/reveals/{reveal['id']}"

    early = await incidents.as_(COUNTY_DESK).get(path)
    assert (early.status_code, early.json()["reveal_status"]) == (409, "asked")
    assert (await incidents.as_(LEADER).post(f"{path}/approve")).json()["status"] == "approved"
    seen = await incidents.as_(COUNTY_DESK).get(path)
    assert (seen.json()["name"], seen.json()["contact"]) == (SECRET_NAME, SECRET_PHONE)
    for by in (CITY_DESK, OFFICE):
        other = await incidents.as_(by).get(path)
        assert (other.status_code, other.json()["type"]) == (403, "/problems/own-request")


async def test_nobody_agrees_to_their_own_request(incidents: Stage) -> None:
    reveal = await asked(incidents, await sealed(incidents), by=OFFICE)
    path = f"/incidents/informants/reveals/{reveal['id']}"
    own = await incidents.as_(OFFICE).post(f"{path}/approve")

    assert (own.status_code, own.json()["type"]) == (403, "/problems/own-request")
    colleague = replace(OFFICE, subject="another of the office")
    assert (await incidents.as_(colleague).post(f"{path}/approve")).status_code == 200
    assert (await incidents.as_(OFFICE).get(path)).status_code == 200


async def test_a_refused_request_opens_nothing(incidents: Stage) -> None:
    reveal = await asked(incidents, await sealed(incidents))
    path = f"/incidents/informants/reveals/{reveal['id']}"

    assert (await incidents.as_(LEADER).post(f"{path}/refuse")).json()["status"] == "refused"
    assert (await incidents.as_(COUNTY_DESK).get(path)).status_code == 409
    assert (await incidents.as_(LEADER).post(f"{path}/approve")).status_code == 409


@pytest.mark.parametrize(
    ("by", "status"), [(CITY_DESK, 403), (INVESTIGATOR, 403), (ENTERPRISE, 403), (LEADER, 200)]
)
async def test_those_above_agree(incidents: Stage, by: Principal, status: int) -> None:
    reveal = await asked(incidents, await sealed(incidents))
    answer = await incidents.as_(by).post(f"/incidents/informants/reveals/{reveal['id']}/approve")

    assert answer.status_code == status


async def test_every_look_is_on_record(incidents: Stage) -> None:
    informant = await sealed(incidents)
    await incidents.as_(COUNTY_DESK).get(f"/incidents/informants/{informant}")
    reveal = await asked(incidents, informant)
    path = f"/incidents/informants/reveals/{reveal['id']}"
    await incidents.as_(LEADER).post(f"{path}/approve")
    for _ in range(2):
        await incidents.as_(COUNTY_DESK).get(path)
    async with incidents.work() as session:
        acts = await session.scalars(
            text("SELECT act FROM audit WHERE entity IN ('informant', 'reveal') ORDER BY seq")
        )

        assert acts.all() == [
            "see_informant",
            "reveal.ask",
            "reveal.approve",
            "reveal.look",
            "reveal.look",
        ]
