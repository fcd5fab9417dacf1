"""Slow and rude clients: they are cut off, and they cost nothing to the others."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.proxy.protocol import GuardedProtocol
from tests.eventually import eventually
from tests.gateway.proxy.peers import Service, exchange, gateway, trickled

GET = b"GET /api/v1/tasks/plans HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer zhang\r\n"


@pytest.fixture
async def hasty(service_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A gateway that waits for nobody."""
    monkeypatch.setattr(GuardedProtocol, "head_within", 0.3)
    monkeypatch.setattr(GuardedProtocol, "linger_within", 0.3)
    monkeypatch.setattr(GuardedProtocol, "stall_within", 0.3)
    async with gateway({"tasks": service_url}) as url:
        yield url


async def test_a_head_that_trickles_in_is_cut_off_at_its_deadline(hasty: str) -> None:
    answer = await trickled(hasty, GET, b"X: 1\r\n")
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_second_head_on_the_same_connection_has_the_same_deadline(hasty: str) -> None:
    answer = await trickled(hasty, GET + b"\r\n" + GET, b"X: 1\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answer


async def test_a_connection_on_which_nothing_is_said_is_closed(hasty: str) -> None:
    assert await exchange(hasty) == b""
    assert await trickled(hasty, b"", b"\r\n") is not None


async def test_what_remains_of_a_refused_body_is_read_only_for_a_moment(hasty: str) -> None:
    head = GET.replace(b"GET", b"POST") + b"Content-Length: 99999999\r\n\r\n"
    answer = await trickled(hasty, head, b" " * 10)
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_client_that_reads_nothing_is_cut_off(hasty: str, service: Service) -> None:
    host, _, port = hasty.removeprefix("http://").partition(":")
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.connect((host, int(port)))
        deaf.sendall(GET.replace(b"plans", b"large?pieces=1000") + b"\r\n")
        await eventually(service.left.is_set)


async def test_many_silent_connections_do_not_keep_a_report_waiting(
    hasty: str, service: Service
) -> None:
    host, _, port = hasty.removeprefix("http://").partition(":")
    slow = [await asyncio.open_connection(host, int(port)) for _ in range(300)]
    for _, writer in slow:
        writer.write(GET)
    async with httpx.AsyncClient(base_url=hasty, headers={"Authorization": "Bearer li"}) as client:
        assert (await client.get("/api/v1/tasks/plans", timeout=1)).status_code == 200
    for _, writer in slow:
        writer.close()


async def test_pipelined_requests_are_answered_in_order(url: str, service: Service) -> None:
    asked = b"".join(GET.replace(b"plans", b"plans/%d" % n) + b"\r\n" for n in range(5))
    answers = await exchange(url, asked, until=lambda so_far: so_far.count(b'"digest"') == 5)
    assert [seen["path"][-1] for seen in service.seen] == list("01234")
    positions = [answers.index(b"/plans/%d" % number) for number in range(5)]
    assert positions == sorted(positions)


async def test_a_listener_that_pipelined_and_left_is_not_kept(url: str, service: Service) -> None:
    asked = GET.replace(b"plans", b"events") + b"\r\n" + GET + b"\r\n"
    await exchange(url, asked, until=lambda so_far: b"data: 1" in so_far)
    await eventually(service.left.is_set)
