"""The database alone shows nobody what is not theirs, in any table."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.gateway import Role
from contracts.inspections import EnterpriseRegistered
from kernel.access import Principal
from kernel.db import unit_of_work
from kernel.files import Objects
from kernel.ids import uuid7
from services.incidents.base import Base
from tests.services.incidents import casework
from tests.services.incidents.clues import fill
from tests.services.incidents.conftest import (
    OTHER_USCC,
    PNG,
    USCC,
    filled,
    hear_itself,
    heard,
    reported,
)
from tests.services.incidents.story import fill_aftermath
from tests.services.incidents.test_analysis import OFFICE
from tests.services.incidents.test_bulletins import JUNE, MAY
from tests.services.stage import Stage

WHERE = {
    "own": Principal(subject="o", region="430481", uscc=USCC),
    "unit": Principal(subject="u", region="430481", unit="430481.emergency"),
    "elsewhere": Principal(subject="e", region="430405", unit="430405.emergency"),
    "another enterprise": Principal(subject="a", region="430405", uscc=OTHER_USCC),
    "nowhere": Principal(subject="n"),
}

TABLES = sorted(Base.metadata.tables)


async def leave_a_trace(
    stage: Stage, told: Any, *, finding_id: str, desk: Principal, files: Path
) -> None:
    """A row in each table that a report alone does not fill."""
    client = stage.as_(desk)
    accident = told["accident_id"]
    await heard(stage)
    await client.get(f"/incidents/accidents/{accident}")
    follow_up = {"report_id": str(uuid7()), "kind": "followup", "accident_id": accident}
    await client.post("/incidents/reports", json=follow_up | {"casualties": {"deaths": 6}})
    await heard(stage)
    await client.post(f"/incidents/rescues/{accident}/end", json={"reason": "r"})
    stage.application.state.objects = Objects.at(str(files))
    png = {"Content-Type": "image/png"}
    path = f"/incidents/findings/{finding_id}/files"
    await client.put(path, params={"name": "n"}, content=PNG, headers=png)


async def test_the_database_itself_shows_strangers_nothing(
    incidents: Stage, tmp_path: Path
) -> None:
    await fill_every_table(incidents, tmp_path)

    async with incidents.work() as session:
        assert await rows_in_each_table(session) == dict.fromkeys(TABLES, True)
    for stranger in (WHERE["elsewhere"], WHERE["another enterprise"], WHERE["nowhere"]):
        async with unit_of_work(incidents.database, stranger) as session:
            shown = await rows_in_each_table(session)
            bases = set(await session.scalars(text("SELECT region_code FROM frozen_base")))
        assert bases <= {stranger.region}  # every county has one of its own
        assert shown | {"frozen_base": False} == dict.fromkeys(TABLES, False)
    async with incidents.database.sessions() as session:  # no scope was stated at all
        assert await rows_in_each_table(session) == dict.fromkeys(TABLES, False)


async def rows_in_each_table(session: AsyncSession) -> dict[str, bool]:
    """Whether a table shows any row to whom the session is for."""
    some = {table: text(f"SELECT EXISTS (SELECT FROM {table})") for table in TABLES}
    return {table: bool(await session.scalar(query)) for table, query in some.items()}


async def fill_every_table(stage: Stage, files: Path) -> None:
    """A row in each table, all of one county or of the city above it."""
    told = await reported(stage, industry="C26")
    finding = {"accident_id": told["accident_id"], "kind": "late", "evidence": "e"}
    desk = replace(WHERE["unit"], roles=frozenset({Role.DUTY_DESK}))
    city = Principal(
        subject="s", region="4304", unit="430400.emergency", roles=frozenset({Role.INVESTIGATOR})
    )
    made = (await stage.as_(desk).post("/incidents/findings", json=finding)).json()
    await leave_a_trace(stage, told, finding_id=made["id"], desk=desk, files=files)
    accident = told["accident_id"]
    report = {"published_on": "2023-06-01", "title": "t", "source": "s"}
    casualty = {"name": "王小明", "state": "dead"}
    await stage.as_(city).post(f"/incidents/investigations/{accident}/publication", json=report)
    await stage.as_(desk).get(f"/incidents/accidents/{accident}")
    await stage.as_(desk).post(f"/incidents/accidents/{accident}/casualties", json=casualty)
    await _keep_aids_for_reading(stage)
    await fill_aftermath(stage, accident, files)
    await casework.everything(stage, await casework.larger(stage))
    await filled(stage)
    await fill(stage, accident)
    nameless = await reported(stage, by=desk, enterprise_uscc=None)
    known = {"enterprise_uscc": USCC, "why": "w"}
    path = f"/incidents/accidents/{nameless['accident_id']}/enterprise"
    assert (await stage.as_(desk).put(path, json=known)).is_success
    await _state_figures(stage)


async def _state_figures(stage: Stage) -> None:
    stage.now = max(stage.now, JUNE)
    office = stage.as_(OFFICE)
    figure = {"kind": "province_accidents", "value": 25, "source": "省安委办通报"}
    for path, body in (
        ("bases", {"year": 2023}),
        ("figures", MAY | figure),
        ("bulletins", MAY),
    ):
        answer = await office.post(f"/incidents/statistics/{path}", json=body)
        assert answer.status_code == 201, answer.text


async def _keep_aids_for_reading(stage: Stage) -> None:
    known = EnterpriseRegistered(
        occurred_at=stage.now, uscc=USCC, name="n", region_code="430481", industry="i"
    )
    await stage.hear(known)
    await hear_itself(stage)


async def test_a_finding_is_hidden_from_the_enterprise_it_is_about(incidents: Stage) -> None:
    told = await reported(incidents)
    finding = {"accident_id": told["accident_id"], "kind": "late", "evidence": "e"}
    desk = replace(WHERE["unit"], roles=frozenset({Role.DUTY_DESK}))
    await incidents.as_(desk).post("/incidents/findings", json=finding)

    async with unit_of_work(incidents.database, WHERE["own"]) as session:
        assert await session.scalar(text("SELECT count(*) FROM report")) == 1
        assert await session.scalar(text("SELECT count(*) FROM finding")) == 0
