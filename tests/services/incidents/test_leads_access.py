"""Who hands leads in, reads and checks them, and what nobody reads."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from contracts.gateway import Role
from contracts.incidents import (
    AccidentReported,
)
from kernel.access import Principal
from kernel.db import unit_of_work
from services.incidents.informants.tables import Informant
from services.incidents.leads.tables import Lead
from services.incidents.policies import POLICIES, Act
from tests.services.incidents.clues import (
    HOTLINE,
    RESULT_DUE,
    SECRET_NAME,
    SECRET_PHONE,
    SECRET_WORDS,
    do,
    handed_in,
    lead_body,
    read,
)
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    INVESTIGATOR,
    OTHER_COUNTY_DESK,
    PROVINCE,
    RECEIVED,
    USCC,
    Body,
)
from tests.services.stage import Stage


@pytest.mark.parametrize(
    ("by", "changes", "status"),
    [
        (HOTLINE, {}, 201),
        (PROVINCE, {"source": "province"}, 201),
        (PROVINCE, {"region_code": "430112"}, 201),
        (COUNTY_DESK, {"source": "cremation"}, 201),
        (HOTLINE, {"region_code": "430112"}, 403),
        (OTHER_COUNTY_DESK, {}, 403),
        (ENTERPRISE, {}, 403),
        (INVESTIGATOR, {}, 403),
        (HOTLINE, {"source": "rumour"}, 422),
        (HOTLINE, {"deaths_alleged": -1}, 422),
        (HOTLINE, {"uncertain_by_hours": 169}, 422),
        (HOTLINE, {"occurred_at": (RECEIVED + timedelta(hours=1)).isoformat()}, 422),
        (HOTLINE, {"heard_from": "某人"}, 422),
        (HOTLINE, {"informant": {"name": "张三", "id_number": "1"}}, 422),
    ],
)
async def test_leads_come_from_those_who_may_hand_them_in(
    incidents: Stage, by: Principal, changes: dict[str, Any], status: int
) -> None:
    answer = await incidents.as_(by).post("/incidents/leads", json=lead_body(**changes))

    assert answer.status_code == status, answer.text
    assert len(await incidents.rows(Lead)) == (1 if status == 201 else 0)


async def test_the_desk_that_took_a_lead_checks_it(incidents: Stage) -> None:
    lead = await handed_in(incidents, by=CITY_DESK)

    assert (await read(incidents, lead["id"]))["unit"] == "430400.emergency"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("act", "path", "body"),
    [
        (Act.READ_LEADS, "", None),
        (Act.READ_LEADS, "/candidates", None),
        (Act.CHECK_LEAD, "/dismiss", {"note": "n"}),
        (Act.CHECK_LEAD, "/first-check", {"note": "n"}),
    ],
)
async def test_each_role_reads_and_checks_as_the_table_says(
    incidents: Stage, role: Role, act: Act, path: str, body: Body | None
) -> None:
    lead = await handed_in(incidents)
    uscc = USCC if role is Role.ENTERPRISE else None
    by = Principal(subject=role, roles=frozenset({role}), region="4304", uscc=uscc)
    method = "POST" if body else "GET"
    answer = await incidents.as_(by).request(
        method, f"/incidents/leads/{lead['id']}{path}", json=body
    )
    [row] = await incidents.rows(Lead)

    assert answer.is_success is POLICIES.allows(by, act, row)
    stranger = replace(by, region="430405", unit="430405.emergency")
    if not uscc:
        hidden = await incidents.as_(stranger).request(
            method, f"/incidents/leads/{lead['id']}{path}", json=body
        )
        assert hidden.status_code in {403, 404}


async def test_desks_list_the_leads_of_their_area(incidents: Stage) -> None:
    await handed_in(incidents)
    await handed_in(incidents, region_code="430405", source="media", location=None)
    city = await incidents.as_(CITY_DESK).get("/incidents/leads", params={"status": "checking"})
    county = await incidents.as_(COUNTY_DESK).get("/incidents/leads")
    media = await incidents.as_(CITY_DESK).get("/incidents/leads", params={"source": "media"})

    assert len(city.json()["items"]) == 2
    assert [row["region_code"] for row in county.json()["items"]] == ["430481"]
    assert [row["source"] for row in media.json()["items"]] == ["media"]
    sheet = await incidents.as_(CITY_DESK).get("/incidents/leads", headers={"Accept": "text/csv"})
    assert sheet.status_code == 200
    assert SECRET_NAME not in sheet.text


async def test_an_enterprise_never_sees_that_it_was_named(incidents: Stage) -> None:
    await handed_in(incidents)
    tables = ("lead", "lead_entry", "informant", "reveal")

    async with unit_of_work(incidents.database, ENTERPRISE) as session:
        for table in tables:
            assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


async def test_who_gave_a_lead_stands_nowhere_in_clear(
    incidents: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lead = await handed_in(incidents)
    await do(incidents, lead["id"], "first-check", note=f"联系了{SECRET_NAME}")
    await incidents.fire_until(RESULT_DUE)
    dumped = ""
    async with incidents.work() as session:
        names = await session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        for name in names.all():
            rows = await session.scalars(text(f'SELECT t::text FROM "{name}" t'))
            dumped += "".join(rows.all())

    told = "".join(map(str, await incidents.told()))
    listed = (await incidents.as_(COUNTY_DESK).get("/incidents/leads")).text
    for secret in (SECRET_NAME, SECRET_PHONE, SECRET_WORDS):
        for place in (dumped, told, listed, caplog.text):
            assert secret not in place
            assert secret.encode().hex() not in place
    [informant] = await incidents.rows(Informant)
    assert (informant.name, informant.contact) == (SECRET_NAME, SECRET_PHONE)
    assert (await read(incidents, lead["id"]))["account"] == SECRET_WORDS


async def test_an_anonymous_lead_has_nobody_to_seal(incidents: Stage) -> None:
    lead = await handed_in(incidents, informant=None, account=None)

    assert await incidents.rows(Informant) == []
    assert (await read(incidents, lead["id"]))["informant_id"] is None


async def test_a_lead_reports_no_accident(incidents: Stage) -> None:
    await handed_in(incidents)

    assert await incidents.told(AccidentReported) == []
