"""A service that fails: its callers hear so in time, and nothing is done twice."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import httpx
import pytest

from gateway.proxy import upstream
from gateway.proxy.answer import Answer
from tests.eventually import eventually
from tests.gateway.proxy.peers import Service, gateway, read_head, scripted, served

PATH = "/api/v1/tasks/plans"
Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@asynccontextmanager
async def before(upstream_url: str, **changes: float) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of a gateway before this service."""
    headers = {"Authorization": "Bearer zhang", "Accept-Language": "en"}
    async with (
        gateway({"tasks": upstream_url}, **changes) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as client,
    ):
        yield client


def is_told(answer: httpx.Response, reason: str) -> bool:
    """Whether the answer is the proper refusal."""
    problem = answer.json()
    return (
        answer.status_code == 503
        and answer.headers["content-type"] == "application/problem+json"
        and int(answer.headers["retry-after"]) > 0
        and (problem["type"], problem["reason"]) == ("/problems/service-unavailable", reason)
    )


async def test_a_service_that_is_not_there_is_told_as_unavailable() -> None:
    async with before("http://127.0.0.1:1") as client:
        assert is_told(await client.get(PATH), "refused")
        assert is_told(await client.post(PATH, json={}), "refused")
        photo = {"Content-Type": "image/jpeg"}
        assert is_told(await client.post(PATH, content=b"p", headers=photo), "refused")


async def test_a_refused_connection_is_tried_once_more_because_nothing_was_sent() -> None:
    service = Service()
    async with before("http://127.0.0.1:1") as client:
        started = perf_counter()
        await client.post(PATH, json={})
        assert 0.1 <= perf_counter() - started < 20
    assert service.arrived == 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "closed"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "malformed"),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "malformed",
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "malformed"),
    ],
)
async def test_a_service_that_breaks_off_is_told_as_unavailable(said: bytes, reason: str) -> None:
    async def break_off(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(said)

    async with scripted(break_off) as url, before(url) as client:
        assert is_told(await client.get(PATH), reason)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"])
async def test_a_service_that_falls_silent_is_given_up_at_the_deadline(said: bytes) -> None:
    async def fall_silent(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(said)
        await reader.read()

    async with scripted(fall_silent) as url, before(url, answer_within=0.4) as client:
        started = perf_counter()
        assert is_told(await client.post(PATH, json={}), "overdue")
        assert 0.3 < perf_counter() - started < 20


async def test_a_service_that_trickles_its_answer_is_given_up_at_the_deadline() -> None:
    async def trickle(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        while not reader.at_eof() and not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.05)

    async with scripted(trickle) as url, before(url, answer_within=0.4) as client:
        assert is_told(await client.get(PATH), "overdue")


async def break_in_the_middle(reader: Reader, writer: Writer) -> None:
    await read_head(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"x" * 30_000)
    await writer.drain()


async def test_a_service_that_dies_in_the_middle_of_its_answer_is_told_as_unavailable() -> None:
    async with scripted(break_in_the_middle) as url, before(url) as client:
        assert is_told(await client.get(PATH), "closed")


async def test_passing_on_half_an_answer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answer, "is_held", property(lambda _: False))
    async with scripted(break_in_the_middle) as url, before(url) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(PATH)


@pytest.mark.parametrize("framing", [b"Content-Length: 10000000", b"Transfer-Encoding: chunked"])
async def test_a_large_answer_cut_off_is_seen_to_be_cut_off(framing: bytes) -> None:
    async def die(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n")
        writer.write(b"186a0\r\n" * (b"chunked" in framing) + b"x" * 100_000)
        await writer.drain()

    async with scripted(die) as url, before(url) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(PATH)


class Ledger:
    """A service that does what it is asked on a kept connection, then closes unanswered."""

    def __init__(self) -> None:
        self.done: list[bytes] = []

    async def script(self, reader: Reader, writer: Writer) -> None:
        first = not self.done
        self.done.append((await read_head(reader)).split(b" ")[0])
        if first:
            writer.write(WHOLE)
            self.done.append((await read_head(reader)).split(b" ")[0])
            return
        writer.write(WHOLE)
        await reader.read()


async def effects_of(method: str) -> tuple[int, list[bytes]]:
    """What a request came to whose kept connection was closed unanswered."""
    ledger = Ledger()
    async with scripted(ledger.script) as url, before(url) as client:
        await client.get(PATH)
        answer = await client.request(method, PATH)
        return answer.status_code, ledger.done[1:]


async def test_a_write_is_never_sent_twice() -> None:
    assert await effects_of("POST") == (503, [b"POST"])
    assert await effects_of("PATCH") == (503, [b"PATCH"])


async def test_sending_a_write_twice_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "IDEMPOTENT", upstream.IDEMPOTENT | {"POST"})
    assert await effects_of("POST") == (200, [b"POST", b"POST"])


async def test_a_read_is_repeated_on_a_fresh_connection() -> None:
    assert await effects_of("GET") == (200, [b"GET", b"GET"])


async def test_a_kept_connection_closed_at_rest_is_not_used_again() -> None:
    closing = asyncio.Event()

    async def close_at_rest(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(WHOLE)
        await closing.wait()

    async with scripted(close_at_rest) as url, before(url) as client:
        assert (await client.post(PATH)).status_code == 200
        closing.set()

        async def accepted() -> bool:
            return (await client.post(PATH)).status_code == 200

        await eventually(accepted)


async def test_an_answer_nobody_asked_for_reaches_nobody() -> None:
    """What a service sends too much must not become the next caller's answer."""

    async def say_too_much(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(WHOLE + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        await reader.read()

    async with scripted(say_too_much) as url, before(url) as client:
        for _ in range(3):
            assert (await client.get(PATH)).text == "{}"


async def test_an_interim_answer_is_not_taken_for_the_answer() -> None:
    async def hint(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + WHOLE)
        await reader.read()

    async with scripted(hint) as url, before(url) as client:
        answer = await client.get(PATH)
        assert (answer.status_code, answer.text) == (200, "{}")
        assert "link" not in answer.headers


async def test_an_answer_that_lasts_until_the_connection_closes_is_whole() -> None:
    async def answer_and_close(reader: Reader, writer: Writer) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nall of it")

    async with scripted(answer_and_close) as url, before(url) as client:
        assert (await client.get(PATH)).text == "all of it"


async def test_heads_and_empty_answers_are_passed_on() -> None:
    service = Service()
    async with served(service) as url, before(url) as client:
        for _ in range(3):
            head = await client.head(PATH)
            assert (head.status_code, head.content) == (200, b"")
            assert int(head.headers["content-length"]) > 0
            assert (await client.get("/api/v1/tasks/nothing")).status_code == 204
        assert [seen["method"] for seen in service.seen] == ["HEAD"] * 3


async def _started() -> tuple[Process, str]:
    code = (
        "import asyncio\n"
        "from tests.gateway.proxy.peers import Service, served\n"
        "async def main():\n"
        "    async with served(Service()) as url:\n"
        "        print(url, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
    assert process.stdout is not None
    return process, (await process.stdout.readline()).decode().strip()


async def test_every_caller_of_a_killed_service_hears_of_it_at_once() -> None:
    process, url = await _started()
    async with before(url) as client:
        waiting = [asyncio.create_task(client.get("/api/v1/tasks/hang")) for _ in range(20)]

        async def all_wait() -> bool:
            return int((await client.get("/api/v1/tasks/arrived")).json()) > 20

        await eventually(all_wait)
        os.kill(process.pid, signal.SIGKILL)
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*waiting)
        assert all(is_told(answer, "closed") for answer in answers)
        assert is_told(await client.get(PATH), "refused")
    await process.wait()
