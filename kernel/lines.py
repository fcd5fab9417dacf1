"""Works on what comes: in order inside each line, on many lines together."""

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")

Work = Callable[[Item, Sequence[Item]], Awaitable[None]]
"""What is done with an item; told beside it is what waits behind it in its line."""


class Lines(Generic[Item]):
    """Everything in hand. No line waits for another, and none for what came together with it."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        work: Work[Item],
        *,
        order: Callable[[Item], int],
        room: int,
    ) -> None:
        self._group = group
        self._work = work
        self._order = order
        self._room = asyncio.Semaphore(room)
        self._waiting: dict[str, list[Item]] = {}

    async def put(self, line: str, item: Item) -> None:
        """Take one more in hand; waits while there is no room for it."""
        await self._room.acquire()
        if line in self._waiting:
            insort(self._waiting[line], item, key=self._order)
        else:
            self._waiting[line] = [item]
            self._group.create_task(self._run(line))

    async def _run(self, line: str) -> None:
        waiting = self._waiting[line]
        try:
            while waiting:
                item = waiting.pop(0)
                try:
                    await self._work(item, waiting)
                finally:
                    self._room.release()
        finally:
            del self._waiting[line]
