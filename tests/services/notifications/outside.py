"""What stands outside: a mail server that can be down, and a system that takes webhooks."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from devstack.ports import anywhere
from devstack.sinks import Mailbox
from tests.eventually import eventually


@dataclass
class MailHost:
    """A port on which a mail server may or may not listen."""

    port: int = field(default_factory=anywhere)
    mailbox: Mailbox = field(default_factory=Mailbox)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self.mailbox, hostname="localhost", enable_SMTPUTF8=True),
            "127.0.0.1",
            self.port,
        )
        try:
            yield
        finally:
            server.close()
            await server.wait_closed()

    @property
    def mails(self) -> list[dict[str, Any]]:
        return self.mailbox.mails.all()


@dataclass
class Receiver:
    """A subscribed system; it answers what it is told to and verifies what it gets."""

    port: int
    secret: str = ""
    answers: list[int] = field(default_factory=list)
    """The next answers, first one first; 204 when there is none left."""
    headers: dict[str, str] = field(default_factory=dict)
    holding: asyncio.Event | None = None
    """While set aside here and not set, no answer is given."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    sent_headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def take(self, request: Request) -> Response:
        body = await request.body()
        self.bodies.append(body)
        self.sent_headers.append(dict(request.headers))
        if self.secret:
            self.calls.append(Webhook(self.secret).verify(body, dict(request.headers)))
        if self.holding is not None:
            await self.holding.wait()
        status = self.answers.pop(0) if self.answers else 204
        return Response(status_code=status, headers=self.headers)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A subscribed system that listens on a real port."""
    door = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(door.getsockname()[1])
    routes = [Route("/hook", receiver.take, methods=["POST", "GET"])]
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off")
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server._serve([door]))
    await eventually(lambda: server.started)
    try:
        yield receiver
    finally:
        server.should_exit = True
        await serving
