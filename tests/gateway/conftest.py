"""A whole gateway in this process over a real database, and a service that answers behind it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
import uvicorn
from joserfc.jwk import OKPKey
from starlette.types import Receive, Scope, Send

from devstack.databases import DatabaseUrls
from gateway.app import Gateway, assemble
from gateway.identity import seeding
from gateway.settings import Settings
from kernel import clock
from kernel.keyring import fresh_keys
from kernel.migrations import runner
from kernel.settings import Mode
from kernel.signatures import Algorithm, Key, Message, sign
from tests.eventually import eventually
from tests.lending import MakeDatabase

PASSWORD = "Correct-Horse-7-Battery"
REPORTS = "/api/v1/incidents/reports"
EXCHANGE = "/api/v1/exchange/accidents"


async def migrate(urls: DatabaseUrls) -> None:
    await runner.migrate(service="gateway", owner_url=urls.owner, app_role=urls.app_role)


@dataclass
class Person:
    """Somebody with an account."""

    username: str
    secret: str | None = None
    codes: "itertools.count[int]" = field(default_factory=itertools.count)

    def code(self, at: datetime | None = None) -> str | None:
        """The one-time code of an instant."""
        return pyotp.TOTP(self.secret).at(at or clock.wall()) if self.secret else None


@dataclass(kw_only=True)
class Outsider:
    """A system that signs its requests."""

    app_key: str
    key: Key

    def headers(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        nonce: str = "",
        **how: Any,
    ) -> dict[str, str]:
        message = Message(method=method, path=path, query=query, body=body)
        now = clock.wall() + how.pop("shift", timedelta())
        nonce = nonce or str(next(_NUMBERS))
        return sign(
            message, app_key=self.app_key, key=how.get("key", self.key), now=now, nonce=nonce
        )


_NUMBERS = itertools.count(1)


@dataclass(kw_only=True)
class House:
    """A running gateway, and how to fill it."""

    gateway: Gateway
    http: httpx.AsyncClient
    database_url: str
    keys_file: Path

    async def person(self, role: str, *, region: str = "430400", **row: Any) -> Person:
        name = f"{role}_{next(_NUMBERS)}"
        account = {"username": name, "password": PASSWORD, "role": role, "region": region}
        await self._seed(accounts={name: account | {"zh": "某人", "en": "Somebody"} | row})
        return Person(name, row.get("otp_secret"))

    async def administrator(self, role: str = "administrator", **row: Any) -> Person:
        return await self.person(role, otp_secret=pyotp.random_base32(), **row)

    async def outsider(
        self, role: str = "exchange_client", algorithm: Algorithm = Algorithm.SM3
    ) -> Outsider:
        app_key = f"app-{next(_NUMBERS)}"
        secret = f"secret-of-{app_key}"
        row = {"app_key": app_key, "secret": secret, "algorithm": algorithm.value, "role": role}
        placed = {"region": "430000", "unit": "430000.emergency", "zh": "省", "en": "Province"}
        await self._seed(clients={app_key: row | placed})
        return Outsider(app_key=app_key, key=Key(secret=secret.encode(), algorithm=algorithm))

    async def _seed(
        self, accounts: Mapping[str, Any] = {}, clients: Mapping[str, Any] = {}
    ) -> None:
        await seeding.seed(
            database_url=self.database_url,
            keys_file=self.keys_file,
            accounts=accounts,
            clients=clients,
        )

    async def sign_in(self, person: Person, **said: Any) -> httpx.Response:
        body = {"username": person.username, "password": PASSWORD}
        if person.secret:
            body["otp"] = person.code()
        return await self.http.post("/api/v1/auth/token", json=body | said)

    async def bearer(self, person: Person) -> dict[str, str]:
        answer = await self.sign_in(person)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@asynccontextmanager
async def serving(application: Any) -> AsyncIterator[str]:
    """An application on a port of its own, and its address."""
    config = uvicorn.Config(application, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # older releases have it
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """A service that answers with what it was sent."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    told = {"path": scope["path"], "headers": headers, "body": body.decode()}
    content = json.dumps(told).encode()
    start = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": 200, "headers": start})
    await send({"type": "http.response.body", "body": content})


def write_key(path: Path, kid: str) -> Path:
    key = OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})
    path.write_text(json.dumps(key.as_dict(private=True)))
    return path


@pytest.fixture(scope="session")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    ring = folder / "ring.json"
    ring.write_text(fresh_keys().model_dump_json())
    return {
        "keys_file": ring,
        "actor_key_file": write_key(folder / "actor.json", "actor"),
        "token_key_file": write_key(folder / "token.json", "token"),
    }


@pytest.fixture(scope="session")
async def upstream() -> AsyncIterator[str]:
    async with serving(echo) as address:
        yield address


@asynccontextmanager
async def opened(
    database: str, key_files: dict[str, Path], upstreams: dict[str, str], **more: Any
) -> AsyncIterator[Gateway]:
    """A gateway that lives."""
    settings = Settings(
        mode=Mode.DEVELOPMENT,
        database_url=database,
        nats_url="nats://127.0.0.1:1",
        upstreams=upstreams,
        sign_ins_per_second=10_000,
        **key_files,
        **more,
    )
    gateway = assemble(settings)
    async with gateway.own.router.lifespan_context(gateway.own):
        yield gateway


def client_of(gateway: Gateway) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(gateway), base_url="http://gateway.test", timeout=30
    )


@pytest.fixture(scope="session")
async def house(
    database_url: MakeDatabase, key_files: dict[str, Path], upstream: str
) -> AsyncIterator[House]:
    """One gateway for every test; each makes people of its own."""
    urls = await database_url("gateway", prepare=migrate)
    upstreams = {"incidents": upstream, "tasks": upstream}
    async with opened(urls.app, key_files, upstreams) as gateway, client_of(gateway) as http:
        yield House(
            gateway=gateway, http=http, database_url=urls.app, keys_file=key_files["keys_file"]
        )
