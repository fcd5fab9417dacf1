"""The beginning of a transaction: who works in it is told in the message that begins it.

Row-level security reads who works, so every transaction says it first. As a statement of its
own that was a tenth of what a small transaction costs, and one more way to the server and back.
"""

import re
from collections.abc import Mapping
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

_PLAIN = re.compile(r"[0-9A-Za-z._:*-]*")
"""Values that mean the same inside quotes whatever the server's settings."""


class Opening(asyncpg.Connection):  # type: ignore[misc]  # the driver has no types
    """A connection that sends some settings along with the next `BEGIN`."""

    along: str = ""

    async def execute(self, query: str, *args: Any, **how: Any) -> str:
        """As every connection; the beginning of a transaction takes the settings with it."""
        if self.along and query.startswith("BEGIN"):
            query, self.along = query + self.along, ""
        told: str = await super().execute(query, *args, **how)
        return told


def watch(engine: AsyncEngine) -> None:
    """Have the engine's connections forget, between two users, what was never sent."""
    event.listen(engine.sync_engine, "reset", _forget)


def _forget(_: DBAPIConnection, entry: ConnectionPoolEntry, __: PoolResetState) -> None:
    if isinstance(entry.driver_connection, Opening):
        entry.driver_connection.along = ""


async def begin_with(session: AsyncSession, settings: Mapping[str, str]) -> bool:
    """Let a session's transaction begin with settings that end with it; False if it cannot.

    It begins with the session's first statement. Values are those of identifiers and codes;
    with any other the caller sets them by a statement, as values.
    """
    if not all(_PLAIN.fullmatch(value) for value in settings.values()):
        return False
    along = "".join(f"SET LOCAL {name} = '{value}';" for name, value in settings.items())
    return await session.run_sync(_give, along)


def _give(session: Session, along: str) -> bool:
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, Opening) or driver.is_in_transaction():
        return False  # what has begun already begins no more, and the next is somebody else's
    driver.along = along
    return True
