"""Pulls a consumer's messages as they come.

The client library's `fetch` of several waits until all of them are there or its time is up: a
lone alarm would lie in memory for a second. Here one request stands at the broker, and
whatever has arrived is handed over at once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import TimeoutError as NothingCame
from nats.js.api import Header

from kernel import clock

STANDS_S = 10
"""How long one request stands before the next is made, should the broker lose it in silence."""

_ENDED = {"404", "408"}
"""What the broker answers when a request ended for want of messages."""

_NANOSECONDS = 1_000_000_000


class PullRefused(ConnectionError):
    """The broker ended a request: the consumer is gone, or a leader changed."""


class Pull:
    """One standing request for a durable consumer's messages."""

    def __init__(self, client: Client, arrivals: Subscription, *, subject: str, batch: int) -> None:
        self._client = client
        self._arrivals = arrivals
        self._subject = subject
        self._batch = batch
        self._outstanding = 0
        self._until = 0.0
        self._reconnects = client.stats["reconnects"]

    async def take(self, *, seconds: float) -> list[Msg]:
        """What has arrived, at least one message and at most a batch.

        Raises `TimeoutError` when nothing comes within `seconds`, `PullRefused` when the broker
        ended the request for a reason of its own.
        """
        await self._request()
        taken: list[Msg] = []
        while not taken or (self._arrivals.pending_msgs and len(taken) < self._batch):
            try:
                message = await self._arrivals.next_msg(timeout=seconds)
            except NothingCame as reason:
                raise TimeoutError from reason
            if self._is_message(message):
                taken.append(message)
            else:
                await self._request()
        return taken

    def _is_message(self, message: Msg) -> bool:
        status = (message.headers or {}).get(Header.STATUS)
        if status is None:
            self._outstanding -= 1
            return True
        self._outstanding = 0
        if status not in _ENDED:
            raise PullRefused(f"{status} {(message.headers or {}).get(Header.DESCRIPTION)}")
        return False

    async def _request(self) -> None:
        """Ask for a batch, unless a request still stands.

        None does after a new connection: the broker forgot it with the old one.
        """
        now, reconnects = clock.ticks(), self._client.stats["reconnects"]
        stands = self._outstanding > 0 and now < self._until
        if stands and reconnects == self._reconnects:
            return
        self._reconnects = reconnects
        asked = {"batch": self._batch, "expires": STANDS_S * _NANOSECONDS}
        await self._client.publish(self._subject, orjson.dumps(asked), self._arrivals.subject)
        self._outstanding = self._batch
        self._until = now + STANDS_S


@asynccontextmanager
async def pulling(client: Client, *, stream: str, durable: str, batch: int) -> AsyncIterator[Pull]:
    """A pull from a durable consumer of a stream; what it did not take is given out again."""
    arrivals = await client.subscribe(client.new_inbox())
    try:
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        yield Pull(client, arrivals, subject=subject, batch=batch)
    finally:
        with suppress(Exception):
            await arrivals.unsubscribe()
