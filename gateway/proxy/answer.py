"""What a service answers, while it arrives.

A small answer is held until it is whole, so that a service that dies in the middle of it
still leaves the client with a proper refusal; a large or endless one is passed on piece by
piece, no faster than the client takes it.
"""

import asyncio
from collections.abc import Callable

HELD = 65_536
"""Answers up to this many bytes are held until they are whole."""
_AHEAD = 262_144
"""How much of a streamed answer may wait for a slow client."""
TELLING = frozenset({b"content-length", b"content-type", b"connection", b"transfer-encoding"})
"""Headers that decide how an answer is passed on."""
_BODILESS = frozenset({204, 304})
_EVENT_STREAM = b"text/event-stream"


Deliver = Callable[["Answer"], bool]
"""Passes a whole answer on to the client where that takes no waiting; else tells False."""


class Broken(Exception):
    """The exchange failed: `refused`, `unreachable`, `closed`, `overdue` or `malformed`."""

    def __init__(self, reason: str, *, answered: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self._answered = answered

    @property
    def before_any_answer(self) -> bool:
        """Whether the connection was closed before any of an answer had arrived."""
        return self.reason == "closed" and not self._answered


class Answer:
    """Status, headers and body. Once `begun`, the body is whole or read piece by piece.

    `deliver` is given an answer that is whole at once, before whoever asked is woken; if it
    passes it on, the answer `is_delivered`.
    """

    __slots__ = (
        "_deliver",
        "_failure",
        "_give_up",
        "_is_chunked",
        "_length",
        "_loop",
        "_more",
        "_parts",
        "_read_on",
        "_waiting",
        "begun",
        "connection_header",
        "headers",
        "is_delivered",
        "is_event_stream",
        "is_whole",
        "status",
        "to_head",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        to_head: bool,
        read_on: Callable[[], None],
        give_up: Callable[[str], None],
        deliver: Deliver | None = None,
    ) -> None:
        # It holds no result: an answer that held itself would be left to the garbage collector.
        self.begun: asyncio.Future[None] = loop.create_future()
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.connection_header = b""
        self.is_event_stream = False
        self.is_whole = False
        self.to_head = to_head
        self._loop = loop
        self._read_on = read_on
        self._give_up = give_up
        self._deliver = deliver
        self.is_delivered = False
        self._length: int | None = None
        self._is_chunked = False
        self._parts: list[bytes] = []
        self._waiting = 0
        self._failure: Broken | None = None
        self._more: asyncio.Future[None] | None = None

    # For whoever asked.

    @property
    def body(self) -> bytes:
        """The body of a whole answer."""
        return b"".join(self._parts)

    async def read(self) -> bytes:
        """The next piece of the body; empty at its end. Raises `Broken`."""
        while not self._parts:
            if self._failure:
                raise self._failure
            if self.is_whole:
                return b""
            self._more = self._loop.create_future()
            await self._more
        piece = b"".join(self._parts)
        self._parts.clear()
        self._waiting = 0
        self._read_on()
        return piece

    def abandon(self) -> None:
        """Nobody reads any further."""
        if not self.is_whole:
            self._give_up("closed")

    # For the connection it arrives on.

    @property
    def is_held(self) -> bool:
        """Whether the answer is handed over only when it is whole."""
        if self.to_head or self.status in _BODILESS:
            return True
        return self._length is not None and self._length <= HELD

    @property
    def lacks_length(self) -> bool:
        """Whether a whole answer has a body and does not state its length."""
        return self._length is None and not self.to_head and self.status not in _BODILESS

    @property
    def lasts_until_close(self) -> bool:
        """Whether only the end of the connection ends the body."""
        return self.status > 0 and self._length is None and not self._is_chunked

    def note(self, name: bytes, value: bytes) -> None:
        """Take one of the `TELLING` headers."""
        if name == b"content-length":
            self._length = int(value)
        elif name == b"content-type":
            self.is_event_stream = value.startswith(_EVENT_STREAM)
        elif name == b"connection":
            self.connection_header = value
        elif name == b"transfer-encoding":
            self._is_chunked = True

    def take(self, piece: bytes) -> bool:
        """Take a piece of the body. False when enough waits to be read."""
        self._parts.append(piece)
        self._waiting += len(piece)
        self._wake()
        return self._waiting < _AHEAD

    def begin(self) -> None:
        """Hand the answer over to whoever asked."""
        if not self.begun.done():
            self.begun.set_result(None)

    def complete(self) -> None:
        """The answer has come to its end."""
        self.is_whole = True
        try:
            if self._deliver is not None and not self.begun.done():
                self.is_delivered = self._deliver(self)
        finally:
            self.begin()
        self._wake()

    def fail(self, reason: str) -> None:
        """The answer will never come to its end."""
        self._failure = Broken(reason, answered=self.status > 0)
        if not self.begun.done():
            self.begun.set_exception(self._failure)
        self._wake()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)
