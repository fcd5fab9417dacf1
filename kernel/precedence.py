"""Lets what cannot wait go first in a process: while it is in hand, other work holds.

An alarm shares its process with letters, calls and notices that nobody is waiting for. One
event loop serves them in turns, so a backlog of those would delay it by as much.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

AT_MOST_S = 0.5
"""How long a piece of other work gives way: an endless alarm must not stop it for ever."""


class Precedence:
    """How much urgent work is in hand."""

    def __init__(self) -> None:
        self._urgent = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextmanager
    def urgent(self) -> Iterator[None]:
        """Go first until this ends."""
        self._urgent += 1
        self._none.clear()
        try:
            yield
        finally:
            self._urgent -= 1
            if not self._urgent:
                self._none.set()

    async def give_way(self) -> bool:
        """Wait until nothing urgent is in hand, a bounded time; call it between pieces of work.

        Whether it came to that: if not, do little and give way again.
        """
        if self._urgent:
            with suppress(TimeoutError):
                async with asyncio.timeout(AT_MOST_S):
                    await self._none.wait()
        return not self._urgent


PRECEDENCE = Precedence()
"""This process's own."""
