"""In production a process starts as it may run there, or not at all."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

import kernel.broker
from devstack.broker import Broker as Server
from devstack.ports import anywhere
from kernel import clock, keyring, web
from kernel.access import Policies
from kernel.broker import UnsafeBroker
from kernel.keyring import fresh_keys
from kernel.settings import Mode, ProcessRole, ServiceSettings, UnsafeSettings
from kernel.web import Service
from tests.conftest import NatsServer
from tests.eventually import eventually
from tests.kernel import probe
from tests.kernel.serving import served
from tests.lending import MakeDatabase

pytestmark = pytest.mark.usefixtures("the_log_as_it_was")

NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
SERVICE = Service(name="probe", title="Probe", routers=(), policies=Policies({}))


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, Any]:
    """What production asks of a process, before it looks at its servers."""
    ring = tmp_path / "ring.json"
    ring.write_text(fresh_keys().model_dump_json())
    return {
        "mode": Mode.PRODUCTION,
        "database_url": NOWHERE,
        "nats_url": "nats://127.0.0.1:1",
        "nats_monitor_url": "http://127.0.0.1:1",
        "keys_file": ring,
        "objects_url": str(tmp_path / "objects"),
    }


@pytest.fixture(autouse=True)
def the_process_as_it_was() -> Iterator[None]:
    """Take back what a process that starts takes for itself."""
    before = keyring._ring
    yield
    keyring.use(before)
    clock.follow(None)


@pytest.fixture
def falls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """With which codes this process would have fallen."""
    codes: list[int] = []
    monkeypatch.setattr(web.os, "_exit", codes.append)
    return codes


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A nats-server that syncs each write, not started."""
    made = Server(tmp_path / "nats", anywhere(), anywhere(), "secret")
    made.prepare()
    return made


def unsynced(server: Server) -> Server:
    text = server.configuration.read_text()
    server.configuration.write_text(text.replace("sync_interval: always", "sync_interval: 2m"))
    return server


def over(server: Server) -> dict[str, str]:
    """The settings that name a server."""
    return {"nats_url": server.url(), "nats_monitor_url": server.monitor_url}


@asynccontextmanager
async def started(settings: ServiceSettings) -> AsyncIterator[FastAPI]:
    """The probe's process, for as long as it lives."""
    application = web.build(SERVICE, settings)
    async with application.router.lifespan_context(application):
        yield application


async def readiness(application: FastAPI) -> dict[str, Any]:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://probe") as client:
        told: dict[str, Any] = (await client.get("/readyz")).json()
        return told


UNSAFE = {
    "a clock file": ({"clock_file": Path("clock")}, "clock file"),
    "no monitor": ({"nats_monitor_url": None}, "ANLIAN_NATS_MONITOR_URL"),
    "no keys": ({"keys_file": None}, "ANLIAN_KEYS_FILE"),
    "no objects": ({"objects_url": ""}, "ANLIAN_OBJECTS_URL"),
}


@pytest.mark.parametrize(("changes", "named"), UNSAFE.values(), ids=UNSAFE.keys())
def test_production_refuses_to_be_built_without_what_it_promises(
    safe: dict[str, Any], changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(UnsafeSettings, match=named):
        web.build(SERVICE, ServiceSettings(**safe | changes))


@pytest.mark.parametrize("changes", [changes for changes, _ in UNSAFE.values()], ids=UNSAFE.keys())
def test_development_does_without(safe: dict[str, Any], changes: dict[str, Any]) -> None:
    web.build(SERVICE, ServiceSettings(**safe | changes | {"mode": Mode.DEVELOPMENT}))


def test_a_process_is_in_production_unless_it_is_told_otherwise(safe: dict[str, Any]) -> None:
    del safe["mode"]

    settings = ServiceSettings(**safe | {"clock_file": Path("clock")})
    assert not settings.development
    with pytest.raises(UnsafeSettings):
        web.build(SERVICE, settings)


@pytest.mark.parametrize("role", ProcessRole)
async def test_a_process_does_not_start_over_a_broker_that_answers_before_the_disk(
    safe: dict[str, Any], server: Server, falls: list[int], role: ProcessRole
) -> None:
    settings = ServiceSettings(**safe | over(server) | {"role": role})
    async with served(unsynced(server)):
        with pytest.raises(UnsafeBroker):
            async with started(settings):
                pytest.fail("it started")
    assert falls == []


async def test_development_starts_over_any_broker(
    safe: dict[str, Any], server: Server, falls: list[int]
) -> None:
    settings = ServiceSettings(**safe | over(server) | {"mode": Mode.DEVELOPMENT})
    async with served(unsynced(server)), started(settings) as application:
        await eventually(lambda: application.state.health.broker.connected, within=20)
    assert falls == []


async def test_a_process_that_began_before_its_broker_falls_when_that_proves_unsafe(
    safe: dict[str, Any], server: Server, falls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes reports while the broker is away; it never speaks to one that may lose them."""
    monkeypatch.setattr(kernel.broker, "AGAIN_S", 0.05)
    async with started(ServiceSettings(**safe | over(server))) as application:
        async with served(unsynced(server)):
            await eventually(lambda: falls, within=20)
        assert not application.state.health.broker.connected
    assert falls == [70]


async def test_a_process_over_servers_that_keep_what_they_take_starts_and_is_ready(
    safe: dict[str, Any], nats_server: NatsServer, database_url: MakeDatabase, falls: list[int]
) -> None:
    urls = await database_url("probe", prepare=probe.prepare)
    named = {"nats_url": nats_server.url, "nats_monitor_url": nats_server.monitor_url}
    async with started(ServiceSettings(**safe | named | {"database_url": urls.app})) as application:

        async def ready() -> bool:
            return bool((await readiness(application))["ready"])

        await eventually(ready, within=20)
    assert falls == []
