"""In order inside a line, together across lines."""

import asyncio
from collections.abc import Sequence

import pytest

from kernel.lines import Lines

Item = tuple[str, int]


class Worker:
    """Notes what it is given; each piece of work lasts until it is let go."""

    def __init__(self) -> None:
        self.begun: list[Item] = []
        self.behind: list[Sequence[Item]] = []
        self.gates: dict[Item, asyncio.Event] = {}

    async def work(self, item: Item, behind: Sequence[Item]) -> None:
        self.begun.append(item)
        self.behind.append(tuple(behind))
        await self.gates.setdefault(item, asyncio.Event()).wait()

    def end(self, item: Item) -> None:
        self.gates.setdefault(item, asyncio.Event()).set()


def number(item: Item) -> int:
    return item[1]


async def turns() -> None:
    """As many turns of the loop as any of this takes."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_came_out_of_order_is_worked_on_in_order() -> None:
    worker = Worker()
    async with asyncio.TaskGroup() as group:
        lines = Lines(group, worker.work, order=number)
        for n in (3, 1, 2):
            worker.end(("a", n))
            lines.put("a", ("a", n))
    assert worker.begun == [("a", 1), ("a", 2), ("a", 3)]
    assert worker.behind[0] == (("a", 2), ("a", 3))


async def test_a_line_that_takes_long_holds_no_other() -> None:
    worker = Worker()
    async with asyncio.TaskGroup() as group:
        lines = Lines(group, worker.work, order=number)
        for item in (("a", 1), ("a", 2), ("b", 1)):
            lines.put(item[0], item)
        await turns()
        assert worker.begun == [("a", 1), ("b", 1)]
        for item in (("a", 1), ("a", 2), ("b", 1)):
            worker.end(item)
    assert worker.begun[-1] == ("a", 2)


async def test_a_line_that_fails_is_told() -> None:
    async def fail(_: Item, __: Sequence[Item]) -> None:
        raise ValueError

    with pytest.RaisesGroup(ValueError):
        async with asyncio.TaskGroup() as group:
            lines = Lines(group, fail, order=number)
            lines.put("a", ("a", 1))
            await turns()
