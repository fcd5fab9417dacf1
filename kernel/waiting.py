"""Waiting for a nudge or for time to pass, whichever comes first."""

import asyncio
from contextlib import suppress


async def wait_for_either(nudge: asyncio.Event, *, seconds: float) -> bool:
    """Return when nudged (True) or after `seconds`; one of those who wait takes the nudge.

    Whoever was told to end meanwhile ends here: `asyncio.wait_for`, which libraries use, keeps
    that to itself when what it waits for comes in the same moment.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not nudge.is_set():
                await nudge.wait()
            nudge.clear()
            return True
    return False
