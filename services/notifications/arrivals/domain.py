"""Wakes those in this process who wait for a unit's inbox or for a channel's queue.

A signal is a hint and may be missed: another process wrote the row. Whoever waits also looks
by itself from time to time.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

EMAIL = "channel:email"
WEBHOOK = "channel:webhook"


class Arrivals:
    """Who waits for which address."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def listening(self, address: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something arrives for the address."""
        bell = asyncio.Event()
        self._waiting[address].add(bell)
        try:
            yield bell
        finally:
            self._waiting[address].discard(bell)
            if not self._waiting[address]:
                del self._waiting[address]

    def ring(self, addresses: Iterable[str]) -> None:
        """Wake everybody who waits for one of the addresses."""
        for address in addresses:
            for bell in self._waiting.get(address, ()):
                bell.set()


ARRIVALS = Arrivals()
"""This process's own."""
