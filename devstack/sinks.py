"""Where mail and webhooks end in development: kept in memory, readable as JSON.

Run as `python -m devstack.sinks --smtp 21025 --mails 21026 --hooks 21027`. Nothing leaves
the machine. What was received is kept up to a number and a volume; the oldest goes first.
"""

import argparse
import asyncio
import email.policy
import itertools
import socket
from collections import defaultdict, deque
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kernel import clock

NEWEST = 10_000
BYTES = 64_000_000
LARGEST = 10_000_000


class Kept:
    """The newest things received, bounded in number and in volume."""

    def __init__(self, *, newest: int = NEWEST, volume: int = BYTES) -> None:
        self._items: deque[tuple[int, dict[str, Any]]] = deque()
        self._newest, self._volume, self._used = newest, volume, 0
        self._numbers = itertools.count(1)

    def keep(self, item: dict[str, Any], *, size: int) -> None:
        """Add one thing; let go of the oldest where there is no room."""
        received = {"number": next(self._numbers), "received_at": clock.wall().isoformat()}
        self._items.append((size, received | item))
        self._used += size
        while len(self._items) > self._newest or self._used > self._volume:
            self._used -= self._items.popleft()[0]

    def all(self) -> list[dict[str, Any]]:
        """Everything kept, oldest first."""
        return [item for _, item in self._items]


class Mailbox:
    """Takes every mail for everybody."""

    def __init__(self) -> None:
        self.mails = Kept()

    async def handle_DATA(  # noqa: N802 -- the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep one mail."""
        del server, session
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(raw)
        self.mails.keep(_readable(mail, envelope), size=len(raw))
        return "250 kept"


def _readable(mail: EmailMessage, envelope: Envelope) -> dict[str, Any]:
    return {
        "from": envelope.mail_from,
        "to": list(envelope.rcpt_tos),
        "subject": mail["subject"],
        "headers": [[name, str(value)] for name, value in mail.items()],
        "text": _body(mail, "plain"),
        "html": _body(mail, "html"),
    }


def _body(mail: EmailMessage, kind: str) -> str | None:
    part = mail.get_body((kind,))
    return part.get_content() if part is not None else None


class Hooks:
    """Takes every webhook under any name; `?answer=503` makes it refuse, for trying retries."""

    def __init__(self) -> None:
        self.received: defaultdict[str, Kept] = defaultdict(lambda: Kept(volume=BYTES // 8))

    async def post(self, request: Request) -> Response:
        """Keep one call, with its headers and body as they came."""
        body = await request.body()
        if len(body) > LARGEST:
            return Response(status_code=413)
        answer = int(request.query_params.get("answer", "204"))
        call = {
            "headers": dict(request.headers),
            "body": body.decode("utf-8", errors="replace"),
            "answered": answer,
        }
        self.received[request.path_params["name"]].keep(call, size=len(body))
        return Response(status_code=answer)

    async def get(self, request: Request) -> Response:
        """The calls received under a name, oldest first."""
        name = request.path_params["name"]
        return JSONResponse(self.received[name].all() if name in self.received else [])


def reading(mailbox: Mailbox, hooks: Hooks) -> Starlette:
    """The pages on which the received can be read."""

    async def mails(request: Request) -> Response:
        """The mails, oldest first; `?to=` keeps one recipient's."""
        wanted = request.query_params.get("to")
        kept = mailbox.mails.all()
        return JSONResponse([mail for mail in kept if wanted is None or wanted in mail["to"]])

    async def ready(request: Request) -> Response:
        del request
        return Response(status_code=200)

    return Starlette(
        routes=[
            Route("/mails", mails),
            Route("/hooks/{name}", hooks.post, methods=["POST"]),
            Route("/hooks/{name}", hooks.get, methods=["GET"]),
            Route("/readyz", ready),
        ]
    )


def _listening(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


async def serve(*, smtp: int, mails: int, hooks: int) -> None:
    """Take mail and calls until told to stop."""
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    door = await loop.create_server(
        lambda: SMTP(mailbox, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST),
        sock=_listening(smtp),
    )
    pages = uvicorn.Server(
        uvicorn.Config(reading(mailbox, Hooks()), log_level="warning", access_log=False)
    )
    async with door:
        await pages.serve(sockets=[_listening(mails), _listening(hooks)])


def main() -> None:
    """Read the ports and serve."""
    parser = argparse.ArgumentParser(prog="python -m devstack.sinks")
    for name in ("smtp", "mails", "hooks"):
        parser.add_argument(f"--{name}", type=int, required=True)
    asyncio.run(serve(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
