"""Receiving a request's body: counted while it comes, never longer than its deadline."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Receive

from kernel.problems import Problem


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
        self.headers["Connection"] = "close"


class ClientGone(Exception):
    """The client left before its request was complete; nobody waits for an answer."""


def refuse_larger(length: int | None, limit: int) -> None:
    """Refuse a body by its declared length, before any of it is read."""
    if length is not None and length > limit:
        raise BodyTooLarge(limit)


async def collect(receive: Receive, *, limit: int, within: float) -> bytes:
    """The whole body, in memory."""
    return b"".join([piece async for piece in pieces(receive, limit=limit, within=within)])


async def pieces(receive: Receive, *, limit: int, within: float) -> AsyncIterator[bytes]:
    """The body as it arrives. The deadline is one for all of it."""
    deadline = asyncio.get_running_loop().time() + within
    received = 0
    more = True
    while more:
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise BodyOverdue(within) from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        more = message.get("more_body", False)
        piece = message.get("body", b"")
        received += len(piece)
        if received > limit:
            raise BodyTooLarge(limit)
        if piece:
            yield piece
