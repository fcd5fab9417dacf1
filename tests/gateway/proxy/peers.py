"""What stands before and behind the proxy in its tests: real servers, real sockets."""

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import uvicorn
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.proxy.caller import Caller
from gateway.proxy.ingress import Networks
from gateway.proxy.lanes import Lane
from gateway.proxy.protocol import GuardedProtocol
from gateway.proxy.proxy import Proxy
from gateway.proxy.settings import ProxySettings
from kernel.access import Principal
from kernel.gcra import Rate
from kernel.problems import Problem
from tests.eventually import eventually

REPORTS = "/api/v1/incidents/reports"
GENEROUS = Rate(1_000_000, 1_000_000)
SETTINGS = ProxySettings(
    address_rate=GENEROUS, account_rate=GENEROUS, reserved_rate=GENEROUS, max_head=16_384
)


class TokenMissing(Problem):
    """The stand-in for identity knows callers by name alone."""

    status = 401
    title_zh = "缺少令牌"
    title_en = "No token"


async def authenticate(scope: Scope, headers: Headers, body: bytes | None) -> Caller:
    """`Bearer <name>` is the account of that name; `urgent` has the reserved lane."""
    name = headers.get("authorization", "").removeprefix("Bearer ")
    if "x-app-key" in headers:
        assert body is not None
        name = f"{headers['x-app-key']}-signed-{len(body)}"
    if not name:
        raise TokenMissing
    lane = Lane.RESERVED if name == "urgent" else None
    return Caller(principal=Principal(subject=name), limit_key=name, lane=lane)


def sign(caller: Caller, service: str) -> str:
    return f"{caller.principal.subject}@{service}"


class _Server(uvicorn.Server):
    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]
        return nullcontext()


@asynccontextmanager
async def served(app: ASGIApp, **options: Any) -> AsyncIterator[str]:
    """A uvicorn server on a free port; its address."""
    # With its protocol named, the loop sends small writes at once, as it does in production.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        **{"http": "httptools", "log_config": None, "access_log": False, "lifespan": "on"}
        | options,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await eventually(lambda: server.started)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        bound.close()


@dataclass
class Service:
    """A service that tells what reached it. Some paths behave in their own way."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    arrived: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        self.arrived += 1
        last = scope["path"].rpartition("/")[2]
        behaviour = getattr(self, f"_on_{last}", self._echo)
        await behaviour(scope, receive, send)

    async def _echo(self, scope: Scope, receive: Receive, send: Send) -> None:
        digest, length, more = hashlib.sha256(), 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.set()
                return
            piece = message.get("body", b"")
            digest.update(piece)
            length += len(piece)
            more = message.get("more_body", False)
        seen = {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(),
            "headers": [
                [name.decode(), value.decode("latin-1")] for name, value in scope["headers"]
            ],
            "length": length,
            "digest": digest.hexdigest(),
        }
        self.seen.append(seen)
        await _answer(
            send, json.dumps(seen).encode(), status=201 if seen["method"] == "POST" else 200
        )

    async def _on_hang(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.released.wait()
        await _answer(send, b"{}")

    async def _on_hops(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(
            send,
            b"{}",
            headers=[
                (b"connection", b"keep-alive, x-only-here"),
                (b"keep-alive", b"timeout=5"),
                (b"x-only-here", b"1"),
                (b"x-anlian-secret", b"1"),
                (b"x-request-id", b"not-the-callers"),
                (b"etag", b'"7"'),
            ],
        )

    async def _on_events(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"text/event-stream")],
            }
        )
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        waiting = asyncio.create_task(self.released.wait())
        gone = asyncio.create_task(_departure(receive))
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.left.set()
        for task in (waiting, gone):
            task.cancel()
        await send({"type": "http.response.body", "body": b"data: 2\n\n"})

    async def _on_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_departure(receive))
        gone.add_done_callback(lambda task: task.cancelled() or self.left.set())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(int(scope["query_string"].removeprefix(b"pieces="))):
            piece = bytes([number % 256]) * 65_536
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        gone.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _on_refusing(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(send, b'{"refused":true}', status=403)

    async def _on_arrived(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _answer(send, json.dumps(self.arrived).encode())

    async def _on_nothing(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    send: Send, body: bytes, *, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    said = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": status, "headers": [*said, *(headers or [])]}
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    for step in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{step}.complete"})


@asynccontextmanager
async def gateway(
    upstreams: dict[str, str], *, ingresses: Networks = (), **changes: Any
) -> AsyncIterator[str]:
    """A proxy before these services, served as in production; its address."""
    settings = replace(SETTINGS, **changes)
    proxy = Proxy(upstreams, authenticate, sign, settings)
    http = GuardedProtocol.behind(ingresses)
    async with served(proxy, http=http, server_header=False, date_header=False) as url:
        yield url


async def exchange(url: str, *sent: bytes, until: Callable[[bytes], bool] | None = None) -> bytes:
    """Send raw bytes to a server and read until it closes, or until the answer suffices."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    received = b""
    try:
        for piece in sent:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(5):
            while not (until and until(received)):
                piece = await reader.read(65_536)
                if not piece:
                    break
                received += piece
    except ConnectionResetError:
        pass  # the server closed while more was being sent
    finally:
        writer.close()
    return received


async def trickled(url: str, before: bytes, drop: bytes) -> bytes:
    """What comes back, until the server closes, when one drop is sent after the other."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))

    async def trickle() -> None:
        writer.write(before)
        while True:
            writer.write(drop)
            await asyncio.sleep(0.05)

    trickling = asyncio.create_task(trickle())
    received = b""
    try:
        async with asyncio.timeout(5):
            while piece := await reader.read(65_536):
                received += piece
    except ConnectionResetError:
        pass  # the server closed while drops were still falling
    finally:
        trickling.cancel()
        writer.close()
    return received


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[str]:
    """A server that does to each connection what a script says."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"


async def read_head(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")
