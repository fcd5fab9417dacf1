"""The servers every test may use: real PostgreSQL and nats-server, one of each per test run.

Fixtures of an area stand in that area's own conftest.py.
"""

import hashlib
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog
from filelock import AsyncFileLock
from hypothesis import HealthCheck, settings

from devstack.databases import DatabaseUrls, Server
from tests.lending import Lender, MakeDatabase, Prepare
from tests.shared import joined, until_ended

# As plain text: drawn with the values of its variables a traceback takes seconds.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)

# How long something takes says how busy the machine is: no test fails of that.
settings.register_profile("anlian", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anlian")

_CONNECTED = asyncpg.Connection.__init__


def _made_in_a_test(connection: asyncpg.Connection, *args: Any, **named: Any) -> None:
    """Let what is said of a connection that nobody closed name the test that made it."""
    _CONNECTED(connection, *args, **named)
    connection._source_traceback = os.environ.get("PYTEST_CURRENT_TEST", "no test")


asyncpg.Connection.__init__ = _made_in_a_test


@dataclass(frozen=True)
class NatsServer:
    """A broker whose streams no other worker sees."""

    url: str
    monitor_url: str


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def worker_number() -> int:
    """0 in a plain run; each worker's own number in a parallel one."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def _servers(run_folder: Path) -> Iterator[dict[str, Any]]:
    """Both servers' addresses; started when this worker is the first to ask."""
    with joined(run_folder / "servers", "tests.servers") as told:
        yield told


@pytest.fixture(scope="session")
def postgres_server(_servers: dict[str, Any]) -> Server:
    """PostgreSQL, by its superuser: `postgres_server.url`."""
    return Server(_servers["postgres_url"])


@pytest.fixture(scope="session")
def nats_server(_servers: dict[str, Any], worker_number: int) -> NatsServer:
    """nats-server: `url` for clients, `monitor_url` for what it tells about itself."""
    return NatsServer(_servers["nats_urls"][worker_number], _servers["nats_monitor_url"])


@pytest.fixture(scope="session")
def database_url(
    postgres_server: Server, _servers: dict[str, Any], run_folder: Path, worker_number: int
) -> MakeDatabase:
    """Makes a fresh database, owned as in the stack, and gives its two addresses.

    `urls = await database_url("tasks", prepare=migrate)`: `urls.owner` and `urls.app` are
    SQLAlchemy addresses. `prepare` is awaited once per test run, with the addresses of a
    template that every database made with the same `prepare` is then copied from.
    """
    password = _servers["password"]
    numbers = itertools.count()
    templates: set[str] = set()

    async def make(service: str, *, prepare: Prepare | None = None) -> DatabaseUrls:
        name = f"{service}_w{worker_number}_{next(numbers)}"
        lock = AsyncFileLock(run_folder / "databases.lock")
        if prepare is None:
            async with lock:
                return await postgres_server.provide(service, password=password, database=name)
        template = _template_name(service, prepare)
        if template not in templates:
            async with lock:
                await _provide_template(postgres_server, service, template, password, prepare)
            templates.add(template)
        return await postgres_server.copy(
            service, password=password, database=name, template=template
        )

    return make


@pytest.fixture(scope="session")
def lender(postgres_server: Server, database_url: MakeDatabase) -> Lender:
    """Lends this worker's databases to one test after the other; see tests/lending.py."""
    return Lender(postgres_server, database_url)


def _template_name(service: str, prepare: Prepare) -> str:
    named = f"{getattr(prepare, '__module__', '')}.{getattr(prepare, '__qualname__', prepare)}"
    return f"template_{service}_{hashlib.sha256(named.encode()).hexdigest()[:8]}"


async def _provide_template(
    server: Server, service: str, template: str, password: str, prepare: Prepare
) -> None:
    """Make it under another name first: a half-prepared template is never copied."""
    async with server.connection() as admin:
        if await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", template):
            return
        await admin.execute(f"DROP DATABASE IF EXISTS {template}_half WITH (FORCE)")
        urls = await server.provide(service, password=password, database=f"{template}_half")
        await prepare(urls)
        await admin.execute(f"ALTER DATABASE {template}_half RENAME TO {template}")


def pytest_sessionfinish() -> None:
    """Leave nothing behind that this worker started."""
    until_ended()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show what tests have to tell beside their result: `record_property("told", …)`."""
    for report in terminalreporter.getreports("passed"):
        for name, words in report.user_properties:
            if name == "told" and report.when == "call":
                terminalreporter.write_line(words)
