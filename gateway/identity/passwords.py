"""Password hashes (argon2id), made beside the event loop and few at a time.

A hash costs some 30 ms of a processor on purpose. Hashing in threads of lower priority and
in a bounded queue keeps a flood of sign-ins from delaying an accident report.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kernel.problems import Problem

Made = TypeVar("Made")

# OWASP's first choice for a server that must also do other work.
_ARGON2ID = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NICENESS = 10
_MOST_WAITING = 64


class SignInBusy(Problem):
    """More passwords wait to be checked than will be soon."""

    status = 503
    title_zh = "登录繁忙，请稍后重试"
    title_en = "Too many sign-ins at once; try again shortly"

    def __init__(self) -> None:
        super().__init__()
        self.headers["Retry-After"] = "2"


class Hasher:
    """Hashes and checks passwords."""

    def __init__(self, *, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, "passwords", initializer=_yield_to_others)
        self._waiting = 0
        self._nobodys = _ARGON2ID.hash(os.urandom(16))

    async def hash(self, password: str) -> str:
        """A fresh hash."""
        return await self._beside(lambda: _ARGON2ID.hash(password))

    async def holds(self, password: str, hashed: str | None) -> bool:
        """Whether the password belongs to the hash; nobody's hash takes as long to deny."""
        against = hashed or self._nobodys
        return await self._beside(lambda: _matches(against, password)) and hashed is not None

    async def _beside(self, work: Callable[[], Made]) -> Made:
        if self._waiting >= _MOST_WAITING:
            raise SignInBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _yield_to_others() -> None:
    if sys.platform == "linux":  # elsewhere niceness is the whole process's
        os.nice(_NICENESS)


def _matches(hashed: str, password: str) -> bool:
    try:
        return _ARGON2ID.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
