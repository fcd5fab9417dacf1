"""Lets pieces of work that come together share one transaction.

Most of what a small piece costs is its transaction: the beginning, who works, the commit and
its wait for the disk. Alone, a piece has a transaction of its own, as always; under load the
next transaction takes all that came while the last one ran.

There is one such transaction at a time: each locks what many pieces count into, in the order in
which they came, and two of them would wait for each other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from kernel.precedence import PRECEDENCE

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

AT_MOST = 8
"""Pieces that share a transaction: what they lock, others may wait for."""

MEANWHILE = 2
"""Pieces that are done while urgent work goes on: enough that none waits for ever."""


class Together(Generic[Item, Outcome]):
    """Ordinary work in turns. `work` does several pieces in one transaction, or none of them."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Outcome]]],
        *,
        turn: asyncio.Lock,
    ) -> None:
        self._group = group
        self._work = work
        self._turn = turn
        self._waiting: list[tuple[Item, asyncio.Future[Outcome]]] = []

    async def do(self, item: Item) -> Outcome:
        """Do one piece with whatever else waits; raises what it raises when done alone."""
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        self._group.create_task(self._do_some())
        return await done

    async def _do_some(self) -> None:
        """Give way while holding the turn: those behind it do not start together after it."""
        async with self._turn:
            if not self._waiting:
                return
            share = AT_MOST if await PRECEDENCE.give_way() else MEANWHILE
            taken, self._waiting = self._waiting[:share], self._waiting[share:]
            if taken:
                await self._do(taken)

    async def _do(self, taken: Sequence[tuple[Item, "asyncio.Future[Outcome]"]]) -> None:
        try:
            outcomes = await self._work([item for item, _ in taken])
        except Exception as reason:
            if len(taken) > 1:  # one of them spoilt it for all
                for one in taken:
                    await self._do([one])
            elif not taken[0][1].done():
                taken[0][1].set_exception(reason)
            return
        for (_, done), outcome in zip(taken, outcomes, strict=True):
            if not done.done():
                done.set_result(outcome)
