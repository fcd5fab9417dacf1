"""A route is one transaction: committed before the answer, once per key, strict about bodies."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import KeySet, OKPKey
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from kernel import clock
from kernel.access import ANYWHERE, Policies, Principal
from kernel.actor import HEADER, ActorSigner, ActorVerifier
from kernel.db import Database, let_go_of_idle, unit_of_work
from kernel.problems import Problem
from kernel.transactions import Runtime, Session, UndeclaredAct, act, keyed_by
from kernel.web import add_problem_handlers, rooms
from tests.eventually import eventually
from tests.kernel.probe import effects

KEY = OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)
SIGNER = ActorSigner(KEY)
CLERK = Principal(subject="clerk", roles=frozenset({"clerk"}), region="4304")
GUEST = Principal(subject="guest", roles=frozenset({"guest"}), region="4304")
THING = "01890000-0000-7000-8000-000000000001"

router = rooms("/probe", "probe")


class NewThing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    thing: UUID
    number: int = 0


class TooMany(Problem):
    status = 409
    title_zh = "太多"
    title_en = "Too many"


@router.post("/things", status_code=201)
@act("make")
async def make(body: NewThing, session: Session) -> dict[str, Any]:
    count = await session.scalar(text("SELECT count(*) FROM effect"))
    await session.execute(
        text("INSERT INTO effect (thing, number) VALUES (:thing, :number)"), body.model_dump()
    )
    if body.number > 100:
        raise TooMany("上限为100", "The limit is 100.")
    return {"before": count}


_PLANS = text("SELECT current_setting('plan_cache_mode')")


@router.get("/plans")
@act("make")
async def plans(session: Session) -> str:
    """How the questions of a request are planned."""
    return str(await session.scalar(_PLANS))


@router.post("/plans")
@act("make")
async def plans_of_writing(session: Session) -> str:
    return str(await session.scalar(_PLANS))


@router.post("/named", status_code=201)
@act("make")
@keyed_by("thing")
async def make_named(body: NewThing, session: Session) -> dict[str, Any]:
    return await make(body, session)


@pytest.fixture
async def app(publisher: Database) -> FastAPI:
    application = FastAPI()
    application.include_router(router)
    add_problem_handlers(application)
    application.state.runtime = Runtime(
        name="probe",
        database=publisher,
        policies=Policies({"make": {"clerk": ANYWHERE}}),
        verifier=ActorVerifier(KeySet([KEY]), audience="probe"),
    )
    return application


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://probe") as opened:
        yield opened


def as_(actor: Principal, **headers: str) -> dict[str, str]:
    stated = SIGNER.sign(actor, audience="probe", now=clock.wall())
    return {HEADER: stated, **headers}


async def test_what_a_client_was_told_is_there_when_it_looks(
    client: httpx.AsyncClient, publisher: Database
) -> None:
    answer = await client.post("/api/v1/probe/things", json={"thing": THING}, headers=as_(CLERK))

    assert (answer.status_code, answer.json()) == (201, {"before": 0})
    assert await effects(publisher) == [(UUID(THING), 0)]


async def test_a_refusal_leaves_nothing_behind_and_speaks_the_reader_s_language(
    client: httpx.AsyncClient, publisher: Database
) -> None:
    body = {"thing": THING, "number": 101}
    english = {"Accept-Language": "en"}
    chinese = await client.post("/api/v1/probe/things", json=body, headers=as_(CLERK))
    answer = await client.post("/api/v1/probe/things", json=body, headers=as_(CLERK, **english))

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "The limit is 100."
    assert chinese.json()["title"] == "太多"
    assert answer.json()["type"] == "/problems/too-many"
    assert await effects(publisher) == []


async def test_a_key_has_one_effect_and_one_answer_under_a_hundred_twins(
    client: httpx.AsyncClient, publisher: Database
) -> None:
    headers = as_(CLERK, **{"Idempotency-Key": "k1"})
    sent = (
        client.post("/api/v1/probe/things", json={"thing": THING}, headers=headers)
        for _ in range(100)
    )
    answers = await asyncio.gather(*sent)

    assert {(answer.status_code, answer.content) for answer in answers} == {(201, b'{"before":0}')}
    assert len(await effects(publisher)) == 1


async def test_each_question_is_planned_for_what_it_asks(
    client: httpx.AsyncClient, publisher: Database
) -> None:
    """One plan for every filter reads all years to find a month; writing has no filters."""
    path, clerk = "/api/v1/probe/plans", as_(CLERK)
    assert (await client.get(path, headers=clerk)).json() == "force_custom_plan"
    assert (await client.post(path, headers=clerk)).json() == "auto"
    async with unit_of_work(publisher, CLERK) as session:
        assert await session.scalar(_PLANS) == "auto"


async def test_a_key_may_stand_in_the_body(client: httpx.AsyncClient, publisher: Database) -> None:
    for _ in range(2):
        answer = await client.post("/api/v1/probe/named", json={"thing": THING}, headers=as_(CLERK))
        assert answer.json() == {"before": 0}
    assert len(await effects(publisher)) == 1


async def test_the_same_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    headers = as_(CLERK, **{"Idempotency-Key": "k1"})
    await client.post("/api/v1/probe/things", json={"thing": THING}, headers=headers)

    answer = await client.post(
        "/api/v1/probe/things", json={"thing": THING, "number": 1}, headers=headers
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/key-reused"


async def test_a_refused_request_frees_its_key(client: httpx.AsyncClient) -> None:
    headers = as_(CLERK, **{"Idempotency-Key": "k1"})
    refused = {"thing": THING, "number": 101}
    assert (
        await client.post("/api/v1/probe/things", json=refused, headers=headers)
    ).status_code == 409

    again = await client.post("/api/v1/probe/things", json={"thing": THING}, headers=headers)

    assert again.status_code == 201


async def test_who_comes_past_the_gateway_is_nobody(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/probe/things", json={"thing": THING})

    assert answer.status_code == 401


async def test_a_role_that_the_act_is_not_for_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/probe/things", json={"thing": THING}, headers=as_(GUEST))

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"thing": 1}', "/thing"),
        ('{"number": 1}', "/thing"),
        (json.dumps({"thing": THING, "colour": "red"}), "/colour"),
        (json.dumps({"thing": THING, "number": 1.5}), "/number"),
        (f'{{"thing": "{THING}", "number": 1, "number": 2}}', "/number"),
        (f'{{"thing": "{THING}", "number": NaN}}', "/number"),
        ('{"thing": "\\u0000", "number": 1}', "/thing"),
    ],
)
@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/x+json"]
)
async def test_a_wrong_body_names_its_field_and_stores_nothing(
    client: httpx.AsyncClient, publisher: Database, body: str, pointer: str, kind: str
) -> None:
    headers = as_(CLERK, **{"Content-Type": kind})
    answer = await client.post("/api/v1/probe/things", content=body, headers=headers)

    assert 400 <= answer.status_code < 500
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]
    assert await effects(publisher) == []


@pytest.mark.parametrize("body", ["{", "[" * 10_000, '{"a":' * 10_000, "\xff"])
async def test_what_is_not_json_is_refused(client: httpx.AsyncClient, body: str) -> None:
    headers = as_(CLERK, **{"Content-Type": "application/json"})
    answer = await client.post(
        "/api/v1/probe/things", content=body.encode("latin-1"), headers=headers
    )

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_route_without_an_act_keeps_the_process_down() -> None:
    open_to_all = rooms("/probe", "probe")

    async def anything() -> None: ...

    with pytest.raises(UndeclaredAct):
        open_to_all.add_api_route("/anything", anything)


async def test_an_unexpected_fault_is_a_bare_500(
    client: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.runtime, "policies", None)
    answer = await client.post("/api/v1/probe/things", json={"thing": THING}, headers=as_(CLERK))

    assert answer.status_code == 500
    assert set(answer.json()) == {"type", "title", "status", "instance"}


async def test_connections_that_nobody_holds_are_let_go(publisher: Database) -> None:
    async with AsyncExitStack() as busy:
        for _ in range(4):
            await busy.enter_async_context(unit_of_work(publisher, CLERK))
    assert idle(publisher) == 4
    quickly = timedelta(milliseconds=10)
    resting = asyncio.create_task(let_go_of_idle(publisher, keep=2, every=quickly))

    await eventually(lambda: idle(publisher) == 2)

    async def others_closed() -> bool:
        async with unit_of_work(publisher, CLERK) as session:
            return await session.scalar(text(_CONNECTED)) == 2

    await eventually(others_closed)

    resting.cancel()
    async with unit_of_work(publisher, CLERK) as session:
        assert await session.scalar(text("SELECT 1")) == 1


_CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


def idle(database: Database) -> int:
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedin()
