"""Receiving a request's body: counted while it comes, never longer than its deadline."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Message, Receive, Scope

from gateway.proxy.watch import Patience, Watch, watch_of
from kernel.problems import Problem

ARRIVED = "anlian.arrived"
"""A server's extension; its `take` gives a body that is all here, or None."""


class BodyTooLarge(Problem):
    """The body is larger than this kind of body may be."""

    status = 413
    title_zh = "请求体过大"
    title_en = "The body is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"上限为 {limit} 字节", f"At most {limit} bytes are taken", limit=limit)


class BodyOverdue(Problem):
    """The body did not arrive in time."""

    status = 408
    title_zh = "请求体接收超时"
    title_en = "The body did not arrive in time"

    def __init__(self, within: float) -> None:
        super().__init__(f"须在 {within:g} 秒内收完", f"It must arrive within {within:g} s")


class ClientGone(Exception):
    """The client left before its request was complete; nobody waits for an answer."""


def refuse_larger(length: int | None, limit: int) -> None:
    """Refuse a body by its declared length, before any of it is read."""
    if length is not None and length > limit:
        raise BodyTooLarge(limit)


def arrived(scope: Scope, *, limit: int) -> bytes | None:
    """The whole body, if the server has it already: most are short and come with their head."""
    extension = scope.get("extensions", {}).get(ARRIVED)
    body: bytes | None = None if extension is None else extension["take"]()
    if body is not None and len(body) > limit:
        raise BodyTooLarge(limit)
    return body


async def collect(
    receive: Receive, *, limit: int, within: float, watch: Watch | None = None
) -> bytes:
    """The whole body, in memory."""
    watch = watch or watch_of(asyncio.get_running_loop())
    received: list[bytes] = []
    size, more = 0, True
    try:
        with Patience(within, watch):
            while more:
                piece, more = _piece(await receive())
                size += len(piece)
                if size > limit:
                    raise BodyTooLarge(limit)
                received.append(piece)
    except TimeoutError:
        raise BodyOverdue(within) from None
    return b"".join(received)


async def pieces(receive: Receive, *, limit: int, within: float) -> AsyncIterator[bytes]:
    """The body as it arrives. The deadline is one for all of it."""
    loop = asyncio.get_running_loop()
    watch, deadline = watch_of(loop), loop.time() + within
    size, more = 0, True
    while more:
        try:
            with Patience(deadline - loop.time(), watch):
                piece, more = _piece(await receive())
        except TimeoutError:
            raise BodyOverdue(within) from None
        size += len(piece)
        if size > limit:
            raise BodyTooLarge(limit)
        if piece:
            yield piece


def _piece(message: Message) -> tuple[bytes, bool]:
    """What a message brings, and whether more follows."""
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message.get("body", b""), message.get("more_body", False)
