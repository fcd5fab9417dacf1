"""The fast lane: a transaction that only adds, in one statement straight through the driver.

An ORM session costs several times what its statements do, and each way to the server and
back costs more than most of them. Where a request only adds rows and never reads, this one
looks like a session to `publish`, `note`, `record` and `take`, and at its end sends all of it
at once: who acts, the rows, the facts. The statement is its own transaction. What it cannot
do fails, and the caller then takes the ordinary road, `kernel.db.unit_of_work`.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import at_commit, outbox
from kernel.access import Principal
from kernel.db import Database, Scope, _nudge, _to_the_end
from kernel.insertion import Rows, as_values, insertion

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""What a lane may fail with; the ordinary road then tells what it means."""


class Lane:
    """What was added and told, until it is written."""

    def __init__(self) -> None:
        self.info: dict[Any, Any] = {}
        self._added: list[Any] = []

    def add(self, row: Any) -> None:
        """Write this row at the end."""
        self._added.append(row)

    def add_all(self, rows: Iterable[Any]) -> None:
        """Write these rows at the end."""
        self._added.extend(rows)

    def rows(self) -> tuple[Rows, set[str]]:
        """Every row of the transaction, and the tables in which what is there already stays."""
        rows = as_values(self._added)
        collected, once = at_commit.take(self.info)
        for further in (collected, outbox.first_facts(self.info.get("told", ()))):
            for table, values in further.items():
                rows.setdefault(table, []).extend(values)
        return rows, once


@asynccontextmanager
async def lane(database: Database, by: Principal) -> AsyncIterator[AsyncSession]:
    """One transaction of one actor that only adds; it commits when the block ends."""
    work = Lane()
    yield cast("AsyncSession", work)
    rows, once = work.rows()
    if rows:
        statement, given = insertion(rows, once=once, scoped=True)
        await _run(database, statement, given, Scope.of(by))
    _nudge(database, work.info)


async def _run(database: Database, statement: str, given: str, scope: Scope) -> None:
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        try:
            await _to_the_end(
                driver.execute(
                    statement, given, scope.region_lo, scope.region_hi, scope.holder, scope.unit
                )
            )
        finally:
            if driver.is_closed() or driver.is_in_transaction():
                await connection.invalidate()
