"""With the database away: accident reports pass, the known are served on, strangers are not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from tests.eventually import eventually
from tests.gateway.conftest import (
    EXCHANGE,
    REPORTS,
    House,
    client_of,
    migrate,
    opened,
)
from tests.lending import MakeDatabase


class Cable:
    """A wire to a server that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._plug, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _plug(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_connection(*self._to)
        self._writers |= {back, forth}
        await asyncio.gather(self._carry(near, forth), self._carry(far, back))
        self._writers -= {back, forth}

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
        with contextlib.suppress(ConnectionError):
            writer.close()


@pytest.fixture
async def wired(
    database_url: MakeDatabase, key_files: dict[str, Path], upstream: str
) -> AsyncIterator[tuple[House, Cable, httpx.AsyncClient]]:
    """A gateway whose database hangs on a cable, and a second one that has met nobody."""
    urls = await database_url("gateway", prepare=migrate)
    address = make_url(urls.app)
    assert address.host is not None
    assert address.port is not None
    cable = Cable(address.host, address.port)
    await cable.mend()
    wired = address.set(host="127.0.0.1", port=cable.port)
    url = wired.render_as_string(hide_password=False)
    services = {"incidents": upstream, "tasks": upstream}
    async with (
        opened(url, key_files, services) as gateway,
        client_of(gateway) as http,
        opened(url, key_files, services) as other,
        client_of(other) as stranger,
    ):
        keys_file = key_files["keys_file"]
        house = House(gateway=gateway, http=http, database_url=urls.app, keys_file=keys_file)
        yield house, cable, stranger
    await cable.cut()


async def _is_away(house: House) -> None:
    await eventually(lambda: not house.gateway.own.state.sign_in.directory.reachable)


async def test_the_known_are_served_and_strangers_may_only_report(
    wired: tuple[House, Cable, httpx.AsyncClient],
) -> None:
    house, cable, stranger = wired
    mine = await house.bearer(await house.person("duty_desk"))
    assert (await house.http.get("/api/v1/tasks/orders", headers=mine)).status_code == 200

    await cable.cut()
    await _is_away(house)

    assert (await house.http.get("/api/v1/tasks/orders", headers=mine)).status_code == 200
    assert (await stranger.post(REPORTS, headers=mine)).status_code == 200
    refused = await stranger.get("/api/v1/tasks/orders", headers=mine)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/database-unavailable")


async def test_a_signature_is_not_taken_unremembered(
    wired: tuple[House, Cable, httpx.AsyncClient],
) -> None:
    house, cable, _ = wired
    province = await house.outsider()
    await cable.cut()
    await _is_away(house)

    answer = await house.http.get(EXCHANGE, headers=province.headers("GET", EXCHANGE))

    assert answer.status_code == 503


async def test_the_revoked_stay_revoked_while_the_database_is_away(
    wired: tuple[House, Cable, httpx.AsyncClient],
) -> None:
    house, cable, _ = wired
    tokens = (await house.sign_in(await house.person("duty_desk"))).json()
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    gone = {"refresh_token": tokens["refresh_token"]}
    await house.http.post("/api/v1/auth/revoke", json=gone)

    await cable.cut()
    await _is_away(house)

    assert (await house.http.post(REPORTS, headers=mine)).status_code == 401


async def test_a_forged_token_reports_nothing_though_nobody_can_be_asked(
    wired: tuple[House, Cable, httpx.AsyncClient],
) -> None:
    house, cable, stranger = wired
    await cable.cut()
    await _is_away(house)

    answer = await stranger.post(REPORTS, headers={"Authorization": "Bearer a.b.c"})

    assert answer.status_code == 401


async def test_signing_in_is_out_and_comes_back_with_the_database(
    wired: tuple[House, Cable, httpx.AsyncClient],
) -> None:
    house, cable, _ = wired
    person = await house.person("duty_desk")
    assert (await house.http.get("/readyz")).status_code == 200

    await cable.cut()
    await _is_away(house)

    assert (await house.sign_in(person)).status_code == 503
    assert (await house.http.get("/readyz")).json() == {"ready": False, "database": False}
    assert (await house.http.get("/healthz")).status_code == 200
    await cable.mend()

    async def signs_in() -> bool:
        return (await house.sign_in(person)).status_code == 200

    await eventually(signs_in, within=10)
