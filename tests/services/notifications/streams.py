"""Speaks to the stream by hand: clients of the other tests wait for the end, and it has none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from kernel.access import Principal
from tests.services.stage import Stage

Sent = asyncio.Queue[dict[str, Any]]


@asynccontextmanager
async def streaming(stage: Stage, by: Principal, **headers: str) -> AsyncIterator[Sent]:
    """What is sent to somebody who follows the inbox; they hang up at the end of the block."""
    sent: Sent = asyncio.Queue()
    hung_up = asyncio.Event()

    async def receive() -> dict[str, object]:
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async with stage.as_(by, **headers) as client:
        head = [(k.lower().encode(), v.encode()) for k, v in client.headers.items()]
    serving = asyncio.create_task(stage.application(_scope(head), receive, sent.put))
    try:
        yield sent
    finally:
        hung_up.set()
        await asyncio.wait([serving], timeout=10)


def _scope(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    path = "/api/v1/notifications/stream"
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("service", 80),
        "scheme": "http",
    }
