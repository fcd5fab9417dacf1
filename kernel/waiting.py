"""Waiting for a nudge or for time to pass, whichever comes first."""

import asyncio


async def wait_for_either(nudge: asyncio.Event, *, seconds: float) -> None:
    """Return when nudged or after `seconds`; the nudge is taken."""
    try:
        async with asyncio.timeout(seconds):
            await nudge.wait()
    except TimeoutError:
        return
    nudge.clear()
