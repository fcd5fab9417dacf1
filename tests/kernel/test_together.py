"""What comes together shares a transaction; what fails spoils nobody else's."""

import asyncio
from collections.abc import Sequence

import pytest

from kernel import precedence, together
from kernel.precedence import PRECEDENCE
from kernel.together import Together


class Transactions:
    """Notes which pieces came together; negative ones cannot be done."""

    def __init__(self) -> None:
        self.begun: list[list[int]] = []
        self.gate = asyncio.Event()

    async def work(self, items: Sequence[int]) -> Sequence[int]:
        self.begun.append(list(items))
        await self.gate.wait()
        if any(item < 0 for item in items):
            raise ValueError(min(items))
        return [item * 10 for item in items]


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_that_comes_alone_has_a_transaction_of_its_own() -> None:
    done = Transactions()
    done.gate.set()
    async with asyncio.TaskGroup() as group:
        shared = Together(group, done.work, turn=asyncio.Lock())
        assert [await shared.do(1), await shared.do(2)] == [10, 20]
    assert done.begun == [[1], [2]]


async def test_all_that_came_meanwhile_share_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "AT_MOST", 3)
    done = Transactions()
    async with asyncio.TaskGroup() as group:
        shared = Together(group, done.work, turn=asyncio.Lock())
        first = group.create_task(shared.do(1))
        await turns()
        others = [group.create_task(shared.do(n)) for n in range(2, 7)]
        await turns()
        done.gate.set()
    assert done.begun == [[1], [2, 3, 4], [5, 6]]
    assert [task.result() for task in (first, *others)] == [10, 20, 30, 40, 50, 60]


async def test_one_that_fails_is_alone_with_it() -> None:
    done = Transactions()
    done.gate.set()
    async with asyncio.TaskGroup() as group:
        shared = Together(group, done.work, turn=asyncio.Lock())
        answers = await asyncio.gather(*map(shared.do, (1, -2, 3)), return_exceptions=True)
    assert answers[0] == 10
    assert isinstance(answers[1], ValueError)
    assert answers[2] == 30
    assert done.begun == [[1, -2, 3], [1], [-2], [3]]


async def test_nothing_begins_while_an_alarm_is_in_hand() -> None:
    done = Transactions()
    done.gate.set()
    async with asyncio.TaskGroup() as group:
        shared = Together(group, done.work, turn=asyncio.Lock())
        with PRECEDENCE.urgent():
            waiting = group.create_task(shared.do(1))
            await turns()
            assert done.begun == []
        assert await waiting == 10


async def test_little_is_done_while_an_alarm_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "AT_MOST_S", 0.01)
    done = Transactions()
    done.gate.set()
    async with asyncio.TaskGroup() as group:
        shared = Together(group, done.work, turn=asyncio.Lock())
        with PRECEDENCE.urgent():
            await asyncio.gather(*map(shared.do, range(1, 6)))
    assert done.begun == [[1, 2], [3, 4], [5]]


async def test_of_those_who_share_a_turn_one_works_at_a_time() -> None:
    done, turn = Transactions(), asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        one, other = (Together(group, done.work, turn=turn) for _ in range(2))
        waiting = [group.create_task(one.do(1)), group.create_task(other.do(2))]
        await turns()
        assert done.begun == [[1]]
        done.gate.set()
    assert done.begun == [[1], [2]]
    assert [task.result() for task in waiting] == [10, 20]
