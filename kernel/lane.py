"""The fast lane: a unit of work that only adds, straight through the driver.

An ORM session costs several times what its statements do. Where a request only adds rows
and never reads, this one looks like a session to `publish`, `note`, `record` and `claim`,
writes every added row in one statement, and commits. What it cannot do, it refuses with
`Unsuited`: the caller then takes the ordinary road, `kernel.db.unit_of_work`.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, cast

import asyncpg
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import at_commit
from kernel.access import Principal
from kernel.db import Database, Scope, _nudge, _to_the_end
from kernel.insertion import as_values, insertion

_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy's own

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""What a lane may fail with; the ordinary road then tells what it means."""


class Unsuited(Exception):
    """The work needs more than a lane can do."""


class Lane:
    """What was added and told, until it is written at once."""

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver
        self.info: dict[Any, Any] = {}
        self.new: list[Any] = []

    def add(self, row: Any) -> None:
        """Write this row before the commit."""
        self.new.append(row)

    def add_all(self, rows: Iterable[Any]) -> None:
        """Write these rows before the commit."""
        self.new.extend(rows)

    async def execute(self, statement: TextClause, values: Mapping[str, Any]) -> None:
        """Run a statement of ours."""
        sql, names = _compiled(statement)
        await self._driver.execute(sql, *(values[name] for name in names))

    async def scalar(self, statement: TextClause, values: Mapping[str, Any]) -> Any:
        """The first value a statement of ours returns."""
        sql, names = _compiled(statement)
        return await self._driver.fetchval(sql, *(values[name] for name in names))

    async def scalars(self, *_: Any) -> Any:
        """A lane does not read."""
        raise Unsuited

    async def flush(self) -> None:
        """Write every added row, whatever tables they are for, in one round trip."""
        rows = as_values(self.new)
        self.new = []
        collected, once = at_commit.take(self.info)
        for table, further in collected.items():
            rows.setdefault(table, []).extend(further)
        if rows:
            await self._driver.execute(*insertion(rows, once=once))


@asynccontextmanager
async def lane(database: Database, by: Principal) -> AsyncIterator[AsyncSession]:
    """One transaction of one actor that only adds: scope, work, what was told, commit, nudge."""
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        work = Lane(driver)
        session = cast("AsyncSession", work)
        try:
            async with _transaction(driver):
                await _state(driver, Scope.of(by))
                yield session
                await work.flush()
                for flush in database.before_commit:
                    await flush(session)
        finally:
            if driver.is_closed() or driver.is_in_transaction():
                await connection.invalidate()
    _nudge(database, work.info)


@asynccontextmanager
async def _transaction(driver: asyncpg.Connection) -> AsyncIterator[None]:
    transaction = driver.transaction()
    await transaction.start()
    try:
        yield
    except BaseException:
        await transaction.rollback()
        raise
    await _to_the_end(transaction.commit())


async def _state(driver: asyncpg.Connection, scope: Scope) -> None:
    await driver.execute(_SET_SCOPE, scope.region_lo, scope.region_hi, scope.holder, scope.unit)


_SET_SCOPE = (
    "SELECT set_config('app.region_lo', $1, true), set_config('app.region_hi', $2, true),"
    " set_config('app.holder', $3, true), set_config('app.unit', $4, true)"
)


@cache
def _compiled(statement: TextClause) -> tuple[str, Sequence[str]]:
    compiled = statement.compile(dialect=_DIALECT)
    return str(compiled), tuple(compiled.positiontup or ())
