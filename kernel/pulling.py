"""Pulls a consumer's messages as they come.

The client library's `fetch` of several waits until all of them are there or its time is up: a
lone alarm would lie in memory for a second. Here a request always stands at the broker, the next
one before the last is used up, and whatever has arrived is handed over at once.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import Header

from kernel import clock

STANDS_S = 10
"""How long a request stands before all is asked anew, should the broker lose it in silence."""

_ENDED = {"404", "408"}
"""What the broker answers when a request ended for want of messages."""

_UNUSED = "Nats-Pending-Messages"
"""How much was left of a request that ended."""

_NANOSECONDS = 1_000_000_000


class PullRefused(ConnectionError):
    """The broker ended a request: the consumer is gone, or a leader changed."""


class Pull:
    """Standing requests for a durable consumer's messages."""

    def __init__(self, client: Client, *, arrivals: str, subject: str, batch: int) -> None:
        self._client = client
        self._arrivals = arrivals
        self._subject = subject
        self._batch = batch
        self._arrived: deque[Msg] = deque()
        self._bell = asyncio.Event()
        self._outstanding = 0
        self._until = 0.0
        self._reconnects = client.stats["reconnects"]

    async def arrive(self, message: Msg) -> None:
        """Keep what the broker sent until it is taken."""
        self._arrived.append(message)
        self._bell.set()

    async def take(self, *, seconds: float) -> list[Msg]:
        """What has arrived, at least one message and at most a batch.

        Raises `TimeoutError` when nothing comes within `seconds`, `PullRefused` when the broker
        ended the request for a reason of its own.
        """
        async with asyncio.timeout(seconds):
            while True:
                self._bell.clear()
                await self._request()
                taken = self._what_arrived()
                if taken:
                    return taken
                if self._stands():
                    await self._bell.wait()

    def _what_arrived(self) -> list[Msg]:
        """All of it at once: messages taken one by one each wait for all else that is going on."""
        taken: list[Msg] = []
        while self._arrived and len(taken) < self._batch:
            status = (self._arrived[0].headers or {}).get(Header.STATUS)
            if status is None:
                taken.append(self._arrived.popleft())
                self._outstanding -= 1
            elif status in _ENDED:
                self._note_end(self._arrived.popleft())
            elif taken:
                break
            else:
                raise _refusal(self._arrived.popleft())
        return taken

    def _note_end(self, message: Msg) -> None:
        self._outstanding -= int((message.headers or {}).get(_UNUSED, self._outstanding))

    def _stands(self) -> bool:
        """Whether more than half a batch may still come unasked.

        Whoever asks only when nothing more may come lets what comes meanwhile lie there for a
        way to the broker and back, and an alarm with it.
        """
        return self._outstanding > self._batch // 2

    async def _request(self) -> None:
        """Ask for a batch more, unless enough stands.

        Nothing does after a new connection: the broker forgot it with the old one.
        """
        now, reconnects = clock.ticks(), self._client.stats["reconnects"]
        if now >= self._until or reconnects != self._reconnects:
            self._outstanding = 0
        if self._stands():
            return
        self._reconnects = reconnects
        asked = {"batch": self._batch, "expires": STANDS_S * _NANOSECONDS}
        await self._client.publish(self._subject, orjson.dumps(asked), self._arrivals)
        self._outstanding += self._batch
        self._until = now + STANDS_S


def _refusal(message: Msg) -> PullRefused:
    headers = message.headers or {}
    return PullRefused(f"{headers.get(Header.STATUS)} {headers.get(Header.DESCRIPTION)}")


@asynccontextmanager
async def pulling(client: Client, *, stream: str, durable: str, batch: int) -> AsyncIterator[Pull]:
    """A pull from a durable consumer of a stream; what it did not take is given out again."""
    inbox = client.new_inbox()
    subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
    pull = Pull(client, arrivals=inbox, subject=subject, batch=batch)
    arrivals = await client.subscribe(inbox, cb=pull.arrive)
    try:
        yield pull
    finally:
        with suppress(Exception):
            await arrivals.unsubscribe()
