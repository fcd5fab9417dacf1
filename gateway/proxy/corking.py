"""Writing once per turn of the event loop instead of once per message.

Every write to a socket may wake the process at its other end, and waking costs more than all
the work on a small request. What one turn of the loop has to say is therefore gathered and
sent at its end: the head and body of an answer together, and the requests of many clients
one right after the other, while the service is awake.
"""

import asyncio
from weakref import WeakKeyDictionary


class Turn:
    """The transports that have something to send when the loop's turn ends."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due: list[Corked] = []

    def add(self, corked: "Corked") -> None:
        """Send what a transport has gathered at the end of the turn."""
        if not self._due:
            self._loop.call_soon(self._send)
        self._due.append(corked)

    def _send(self) -> None:
        due, self._due = self._due, []
        for corked in due:
            corked.flush()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turn] = WeakKeyDictionary()


def turn_of(loop: asyncio.AbstractEventLoop) -> Turn:
    """The one turn of a loop: clients' and services' connections share it."""
    turn = _turns.get(loop)
    if turn is None:
        turn = _turns[loop] = Turn(loop)
    return turn


class Corked:
    """A transport that gathers what is written until the turn ends."""

    def __init__(self, transport: asyncio.Transport, turn: Turn) -> None:
        self._transport = transport
        self._turn = turn
        self._parts: list[bytes] = []
        self.is_closing = transport.is_closing
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.abort = transport.abort

    def write(self, data: bytes) -> None:
        """Send this soon, after what was written before."""
        if not self._parts:
            self._turn.add(self)
        self._parts.append(data)

    def flush(self) -> None:
        """Send what was gathered now."""
        if not self._parts:
            return
        parts, self._parts = self._parts, []
        if not self._transport.is_closing():
            self._transport.write(parts[0] if len(parts) == 1 else b"".join(parts))

    def close(self) -> None:
        """Send what was gathered, then close."""
        self.flush()
        self._transport.close()
