"""Nobody reaches what is not theirs: the policy table, and the wall behind it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.gateway import Role
from contracts.inspections import EnterpriseRegistered
from kernel.access import ANYWHERE, Policies, Principal
from kernel.db import unit_of_work
from kernel.files import Objects
from kernel.ids import uuid7
from kernel.transactions import TransactionalRoute
from services.incidents.app import service
from services.incidents.base import Base
from services.incidents.policies import POLICIES, Act
from tests.services.incidents import casework
from tests.services.incidents.clues import fill
from tests.services.incidents.conftest import (
    OTHER_USCC,
    PNG,
    USCC,
    filled,
    hear_itself,
    heard,
    report_body,
    reported,
)
from tests.services.incidents.story import fill_aftermath
from tests.services.incidents.test_analysis import OFFICE
from tests.services.incidents.test_bulletins import JUNE, MAY
from tests.services.stage import Stage

WHERE = {
    "own": Principal(subject="o", region="430481", uscc=USCC),
    "unit": Principal(subject="u", region="430481", unit="430481.emergency"),
    "subtree": Principal(subject="s", region="4304", unit="430400.emergency"),
    "elsewhere": Principal(subject="e", region="430405", unit="430405.emergency"),
    "another enterprise": Principal(subject="a", region="430405", uscc=OTHER_USCC),
    "nowhere": Principal(subject="n"),
}

Ask = Callable[[httpx.AsyncClient, Any], Any]

ASKED: dict[str, tuple[Act, Ask]] = {
    "report": (
        Act.REPORT,
        lambda client, told: client.post("/incidents/reports", json=report_body()),
    ),
    "follow up": (
        Act.REPORT,
        lambda client, told: client.post(
            "/incidents/reports",
            json={
                "report_id": str(uuid7()),
                "kind": "followup",
                "accident_id": told["accident_id"],
            },
        ),
    ),
    "read": (
        Act.READ,
        lambda client, told: client.get(f"/incidents/accidents/{told['accident_id']}"),
    ),
    "timeline": (
        Act.READ,
        lambda client, told: client.get(f"/incidents/accidents/{told['accident_id']}/timeline"),
    ),
    "investigation": (
        Act.READ,
        lambda client, told: client.get(f"/incidents/investigations/{told['accident_id']}"),
    ),
    "acknowledge": (
        Act.RELAY,
        lambda client, told: client.post(
            f"/incidents/relays/{told['relays'][0]['id']}/acknowledge"
        ),
    ),
    "find": (
        Act.FIND,
        lambda client, told: client.post(
            "/incidents/findings",
            json={"accident_id": told["accident_id"], "kind": "late", "evidence": "e"},
        ),
    ),
    "readers": (
        Act.READ_READERS,
        lambda client, told: client.get(f"/incidents/accidents/{told['accident_id']}/readers"),
    ),
    "casualties": (
        Act.READ,
        lambda client, told: client.get(f"/incidents/accidents/{told['accident_id']}/casualties"),
    ),
    "list a casualty": (
        Act.LIST_CASUALTIES,
        lambda client, told: client.post(
            f"/incidents/accidents/{told['accident_id']}/casualties",
            json={"name": "王小明", "state": "dead"},
        ),
    ),
    "disclose": (
        Act.DISCLOSE_CASUALTIES,
        lambda client, told: client.post(
            f"/incidents/accidents/{told['accident_id']}/casualties/disclosure",
            json={"reason": "核对身份"},
        ),
    ),
    "publish": (
        Act.PUBLISH,
        lambda client, told: client.post(
            f"/incidents/investigations/{told['accident_id']}/publication",
            json={"published_on": "2023-06-01", "title": "t", "source": "s"},
        ),
    ),
    "team": (
        Act.READ_TEAM,
        lambda client, told: client.get(f"/incidents/teams/{told['accident_id']}"),
    ),
    "name": (
        Act.NAME_TEAM,
        lambda client, told: client.post(
            "/incidents/teams/members",
            json={"accident_id": told["accident_id"], "name": "n", "organ": "police"},
        ),
    ),
    "qualify": (
        Act.QUALIFY,
        lambda client, told: client.post(
            f"/incidents/qualifications/{told['accident_id']}/qualify", json={"opinion": "o"}
        ),
    ),
    "qualification": (
        Act.READ,
        lambda client, told: client.get(f"/incidents/qualifications/{told['accident_id']}"),
    ),
}


class Row:
    region_code = "430481"
    enterprise_uscc = USCC
    unit = "430481.emergency"


async def leaks(stage: Stage, role: Role) -> list[str]:
    """Where an answer says something other than the table, for every relation and request."""
    found = []
    for relation, principal in WHERE.items():
        if principal.uscc is not None and role is not Role.ENTERPRISE:
            continue  # only enterprises have a credit code
        by = replace(principal, subject=f"{role} {relation}", roles=frozenset({role}))
        for name, (act, ask) in ASKED.items():
            told = await reported(stage, industry="C26", casualties={"deaths": 1})
            answer = await ask(stage.as_(by), told)
            allowed = POLICIES.allows(by, act, Row())
            if answer.is_success is not allowed or (not allowed and "二号井" in answer.text):
                found.append(f"{name} by {role} {relation}: {answer.status_code}")
    return found


@pytest.mark.parametrize("role", Role)
async def test_every_request_answers_as_the_table_says(incidents: Stage, role: Role) -> None:
    assert await leaks(incidents, role) == []


@pytest.fixture
def opened_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: a table that grants everything to everybody."""
    monkeypatch.setattr(Policies, "granted", lambda *_: ANYWHERE)


async def test_behind_an_open_table_the_rows_of_others_stay_hidden(
    incidents: Stage, opened_table: None
) -> None:
    told = await reported(incidents)
    for relation in ("elsewhere", "another enterprise", "nowhere"):
        stranger = replace(WHERE[relation], roles=frozenset({Role.LEADER}))
        for name in set(ASKED) - {"report"}:
            answer = await ASKED[name][1](incidents.as_(stranger), told)
            assert answer.status_code == 404, f"{name} {relation}: {answer.text}"


async def test_an_open_table_would_be_noticed(incidents: Stage, opened_table: None) -> None:
    told = await reported(incidents)
    leader = replace(WHERE["subtree"], roles=frozenset({Role.LEADER}))
    answer = await ASKED["publish"][1](incidents.as_(leader), told)

    assert answer.is_success  # so the walk above would list it


def test_every_route_is_an_act_of_the_table() -> None:
    acts = {
        route.act
        for router in service().routers
        for route in router.routes
        if isinstance(route, TransactionalRoute) and route.act is not None
    }

    assert acts <= set(POLICIES.grants)
    assert acts == set(Act)


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


@pytest.mark.parametrize("relation", ["elsewhere", "another enterprise", "nowhere"])
async def test_the_database_itself_shows_strangers_nothing(
    incidents: Stage, tmp_path: Path, relation: str
) -> None:
    await fill_every_table(incidents, tmp_path)

    async with incidents.work() as session:
        assert await rows_in_each_table(session) == dict.fromkeys(TABLES, True)
    async with unit_of_work(incidents.database, WHERE[relation]) as session:
        shown = await rows_in_each_table(session)
        bases = set(await session.scalars(text("SELECT region_code FROM frozen_base")))
    assert bases <= {WHERE[relation].region}  # every county has one of its own
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
    desk = replace(WHERE["unit"], roles=frozenset({Role.DUTY_DESK, Role.INVESTIGATOR}))
    made = (await stage.as_(desk).post("/incidents/findings", json=finding)).json()
    await leave_a_trace(stage, told, finding_id=made["id"], desk=desk, files=files)
    for name in ("read", "list a casualty"):
        await ASKED[name][1](stage.as_(desk), told)
    city = replace(WHERE["subtree"], roles=frozenset({Role.INVESTIGATOR}))
    await ASKED["publish"][1](stage.as_(city), told)  # the case is the city's
    await _keep_aids_for_reading(stage)
    await fill_aftermath(stage, told["accident_id"], files)
    await casework.everything(stage, await casework.larger(stage))
    await filled(stage)
    await fill(stage, told["accident_id"])
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


async def test_every_table_is_isolated_even_from_its_owner(incidents: Stage) -> None:
    walls = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")

    async with incidents.work() as session:
        assert set(TABLES) <= set(await session.scalars(walls))
