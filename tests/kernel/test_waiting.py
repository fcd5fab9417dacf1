"""Whoever waits for a nudge or for time to pass also ends when it is told to."""

import asyncio
from contextlib import suppress

from kernel.waiting import wait_for_either


async def test_a_nudge_is_taken_by_one_of_those_who_wait() -> None:
    nudge = asyncio.Event()
    waiting = [asyncio.create_task(wait_for_either(nudge, seconds=0.05)) for _ in range(2)]
    nudge.set()
    assert sorted(await asyncio.gather(*waiting)) == [False, True]


async def test_who_was_told_to_end_while_a_library_kept_it_to_itself_ends() -> None:
    started = asyncio.Event()

    async def loop() -> None:
        while True:
            with suppress(asyncio.CancelledError):
                started.set()
                await asyncio.Event().wait()
            await wait_for_either(asyncio.Event(), seconds=3600)

    task = asyncio.create_task(loop())
    await started.wait()
    task.cancel()
    ended, _ = await asyncio.wait([task], timeout=2)
    task.cancel()
    assert ended == {task}


async def test_the_end_of_an_earlier_time_limit_is_nobodys_end() -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    assert not await wait_for_either(asyncio.Event(), seconds=0.01)
