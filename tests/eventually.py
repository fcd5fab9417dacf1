"""Waiting for a condition with a deadline: the only place in the tests that waits."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")


async def eventually(
    check: Callable[[], Found | Awaitable[Found]], within: float = 5.0, every: float = 0.02
) -> Found:
    """The first truthy answer of `check`, asked again and again until `within` seconds passed.

    A check that raises AssertionError is asked again too; its last failure is what a test
    that ran out of time reports.
    """
    deadline = time.monotonic() + within
    while True:
        failure: AssertionError | None = None
        found: Found | None = None
        try:
            answer = check()
            found = await answer if inspect.isawaitable(answer) else answer
        except AssertionError as reason:
            failure = reason
        if failure is None and found:
            return found
        if time.monotonic() > deadline:
            raise failure or AssertionError(f"not within {within} s: the last answer was {found!r}")
        await asyncio.sleep(every)
