"""Looking for work: one connection beside the pool, asked again and again, mostly in vain.

Several times a second a process looks whether another one left it something to do. Through
the pool such a look takes a millisecond of a core, because each comes after a pause that made
the long way cold; over a connection of the driver's own it takes a quarter of that, and a
request that is forwarded meanwhile waits for so much less.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg

PATIENCE_S: Final = 5.0

_AWAY: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.exceptions.InternalClientError,
    OSError,  # a TimeoutError is one
)


class DatabaseAway(ConnectionError):
    """The database did not answer a look."""


class Lookout:
    """One connection, made when first needed and made anew when it is lost."""

    def __init__(self, dsn: str, *, settings: Mapping[str, str]) -> None:
        self._dsn = dsn
        self._settings = dict(settings)
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._turn = asyncio.Lock()

    async def see(self, statement: str, *values: Any) -> Sequence[Sequence[Any]]:
        """The rows of one statement, outside of any transaction; `DatabaseAway` if none come.

        Values stand for $1, $2 and so on. Row-level security hides all of what it protects.
        """
        async with self._turn:
            try:
                connection = await self._open()
                rows: Sequence[Sequence[Any]] = await connection.fetch(
                    statement, *values, timeout=PATIENCE_S
                )
            except _AWAY as reason:
                self._drop()
                raise DatabaseAway(type(reason).__name__) from reason
        return rows

    async def close(self) -> None:
        """Let go of the connection."""
        async with self._turn:
            self._drop()

    async def _open(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._dsn, timeout=PATIENCE_S, server_settings=self._settings
            )
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
