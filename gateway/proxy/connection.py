"""One connection to a service: one exchange at a time, each with an absolute deadline."""

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

from gateway.proxy.answer import TELLING, Answer, Deliver
from gateway.proxy.watch import watch_of
from gateway.proxy.writes import writes_of


class Connection(asyncio.Protocol):
    """A kept-alive HTTP/1.1 connection, driven by the parser's callbacks."""

    transport: asyncio.Transport

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        rest: Callable[["Connection"], None],
        lost: Callable[["Connection"], None],
        finish_within: float,
    ) -> None:
        self.loop = loop
        self.idle_since = 0.0
        self._rest = rest
        self._lost = lost
        self._finish_within = finish_within
        self._parser = httptools.HttpResponseParser(self)
        self._answer: Answer | None = None
        self._sending = False
        self._watch = watch_of(loop)
        self._writes = writes_of(loop)
        self._writable: asyncio.Future[None] | None = None

    def ask(
        self,
        request: bytes,
        *,
        to_head: bool,
        within: float,
        more: bool = False,
        deliver: Deliver | None = None,
    ) -> Answer:
        """Begin an exchange. With `more`, pieces follow and `sent` ends the request."""
        answer = self._answer = Answer(
            self.loop, to_head=to_head, read_on=self.read_on, give_up=self.give_up, deliver=deliver
        )
        self._sending = more
        self._due(within)
        if more:
            self.transport.write(request)
        else:
            self._writes.add(self.transport, request)
        return answer

    async def send(self, piece: bytes) -> None:
        """Send a piece of the request, waiting while the service does not take it."""
        if self._writable is not None:
            await self._writable
        if not self.transport.is_closing():
            self.transport.write(piece)

    def sent(self, *, answer_within: float) -> None:
        """The request is complete; the service's time begins."""
        self._sending = False
        if self._answer is not None and not self._answer.begun.done():
            self._due(answer_within)

    def read_on(self) -> None:
        """The client has caught up."""
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def give_up(self, reason: str) -> None:
        """End the exchange, and the connection with it."""
        answer = self._end()
        self.transport.abort()
        if answer is not None:
            answer.fail(reason)

    def close(self) -> None:
        """Close a connection that rests."""
        self.transport.close()

    # What the transport tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.give_up("malformed")

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost(self)
        if self._writable is not None:
            self.resume_writing()
        answer = self._end()
        if answer is None:
            return
        if answer.lasts_until_close and exc is None:
            answer.complete()
        else:
            answer.fail("closed")

    def pause_writing(self) -> None:
        self._writable = self.loop.create_future()

    def resume_writing(self) -> None:
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    # What the parser tells.

    def on_message_begin(self) -> None:
        if self._answer is None:
            raise ValueError("an answer nobody asked for")

    def on_header(self, name: bytes, value: bytes) -> None:
        answer = self._answer
        if answer is None:
            return
        name = name.lower()
        answer.headers.append((name, value))
        if name in TELLING:
            answer.note(name, value)

    def on_headers_complete(self) -> None:
        answer = self._answer
        status = self._parser.get_status_code()
        if answer is None:
            return
        if status < 200:
            answer.headers.clear()
            return
        answer.status = status
        if answer.to_head:
            # The parser cannot know that no body follows: the connection ends here.
            self._end()
            self.transport.close()
            answer.complete()
        elif not answer.is_held:
            if answer.is_event_stream:
                self._watch.clear(self)
            else:
                self._due(self._finish_within)
            answer.begin()

    def on_body(self, body: bytes) -> None:
        if self._answer is not None and not self._answer.take(body):
            self.transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._answer is None or self._answer.status == 0:
            return
        reusable = self._parser.should_keep_alive() and not self._sending
        answer = self._end()
        if reusable:
            self.idle_since = self.loop.time()
            self._rest(self)
        else:
            self.transport.close()
        if answer is not None:
            answer.complete()

    def _due(self, within: float) -> None:
        self._watch.set(self, within, self._overdue)

    def _overdue(self) -> None:
        self.give_up("overdue")

    def _end(self) -> Answer | None:
        answer, self._answer = self._answer, None
        self._watch.clear(self)
        return answer
