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
    ) -> None:
        self._group = group
        self._work = work
        self._order = order
        self._waiting: dict[str, list[Item]] = {}

    def put(self, line: str, item: Item) -> None:
        """Take one more in hand. Whoever brings it bounds how much that is."""
        if line in self._waiting:
            insort(self._waiting[line], item, key=self._order)
        else:
            self._waiting[line] = [item]
            self._group.create_task(self._run(line))

    async def _run(self, line: str) -> None:
        waiting = self._waiting[line]
        try:
            while waiting:
                await self._work(waiting.pop(0), waiting)
        finally:
            del self._waiting[line]
