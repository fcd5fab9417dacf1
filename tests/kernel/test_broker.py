"""Outside of development no broker is spoken to that answers before its disk has the message."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest

import kernel.broker
from devstack.broker import Broker as Server
from devstack.ports import anywhere
from kernel.broker import Broker, UnsafeBroker
from tests.eventually import eventually
from tests.kernel.serving import served


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A server that syncs each write, not started."""
    made = Server(tmp_path, anywhere(), anywhere(), "secret")
    made.prepare()
    return made


def unsynced(server: Server) -> Server:
    text = server.configuration.read_text()
    assert "sync_interval: always" in text
    server.configuration.write_text(text.replace("sync_interval: always", "sync_interval: 2m"))
    return server


def speaking_to(server: Server) -> Broker:
    return Broker(server.url(), name="test", monitor_url=server.monitor_url)


async def test_a_broker_that_syncs_each_write_is_spoken_to(server: Server) -> None:
    broker = speaking_to(server)
    async with served(server):
        await broker.run()
        assert broker.connected
        await broker.close()


async def test_a_broker_that_answers_before_the_disk_is_refused_and_never_spoken_to(
    server: Server,
) -> None:
    broker = speaking_to(unsynced(server))
    async with served(server):
        with pytest.raises(UnsafeBroker):
            await broker.run()
    assert not broker.connected


async def test_development_asks_nothing_of_it(server: Server) -> None:
    broker = replace(speaking_to(unsynced(server)), monitor_url=None)
    async with served(server):
        await broker.run()
        assert broker.connected
        await broker.close()


async def test_one_that_is_away_is_waited_for_and_asked_before_it_is_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service starts and takes reports meanwhile."""
    monkeypatch.setattr(kernel.broker, "AGAIN_S", 0.05)
    broker = speaking_to(server)
    with pytest.raises(httpx.HTTPError):
        await broker.refuse_unsafe()

    waiting = asyncio.create_task(broker.run())
    async with served(server):
        await eventually(lambda: broker.connected, within=20)
        await waiting
        await broker.close()


@pytest.mark.parametrize("body", ["<html>ok</html>", "[]", "null", ""])
async def test_what_is_not_a_monitor_of_nats_is_taken_for_one_that_is_away(body: str) -> None:
    other = await asyncio.start_server(partial(_answer, body), "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    broker = Broker("nats://unused", name="test", monitor_url=f"http://127.0.0.1:{port}")
    async with other:
        with pytest.raises(httpx.HTTPError):
            await broker.refuse_unsafe()


async def _answer(body: str, asked: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
    await asked.readuntil(b"\r\n\r\n")
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    answer.write(f"{head}{body}".encode())
    answer.close()
