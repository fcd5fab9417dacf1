"""The reference for accepting: the same rows and the same commits, by asyncpg alone.

The rows are those that one real report left, read back by its transaction's id and written
again under fresh ids, a statement a table, on as many connections as the load had.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from kernel.ids import uuid7
from kernel.migrations import runner
from tools.bench.stack import Stack

_COPY = "anlian_bare"
_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND is_identity = 'NO' AND udt_name <> 'xid8'
    AND table_name NOT IN ('kernel_version', 'service_version')
    ORDER BY table_name, ordinal_position
"""


@dataclass(frozen=True)
class Statement:
    """An insert and the rows it is given."""

    sql: str
    rows: Sequence[Sequence[Any]]


async def empty_copy(stack: Stack) -> str:
    """An empty database of incidents' shape on the stack's server, which no relay empties."""
    administrator = await asyncpg.connect(stack.database("incidents"))
    await administrator.execute(f"DROP DATABASE IF EXISTS {_COPY}")
    await administrator.execute(f"CREATE DATABASE {_COPY} OWNER incidents_owner")
    await administrator.close()
    address = stack.database("incidents").replace("anlian_incidents", _COPY)
    owner = address.replace("postgresql://", "postgresql+asyncpg://")
    await runner.migrate(service="incidents", owner_url=owner, app_role="incidents_app")
    return address


async def rows_of_newest_report(database: str) -> list[Statement]:
    """What the transaction of a report wrote, as statements; the outbox's pointer is added."""
    connection = await asyncpg.connect(database)
    report_id = await connection.fetchval(
        "SELECT aggregate_id FROM event_log ORDER BY recorded_at DESC LIMIT 1"
    )
    columns: dict[str, list[str]] = {}
    for table, column in await connection.fetch(_COLUMNS):
        columns.setdefault(table, []).append(column)
    xid = await connection.fetchval(
        "SELECT xmin::text FROM event_log WHERE aggregate_id = $1 AND version = 1", report_id
    )
    statements = []
    for table, names in columns.items():
        listed = ", ".join(f'"{name}"' for name in names)
        found = await connection.fetch(
            f"SELECT {listed} FROM {table} WHERE xmin::text = $1",  # noqa: S608 -- the catalogue's names
            xid,
        )
        if found:
            statements.append(_insert(table, names, [tuple(row) for row in found]))
    event = await connection.fetchval("SELECT event_id FROM event_log WHERE xmin::text = $1", xid)
    statements.append(_insert("outbox", ["partition", "event_id"], [(0, event)]))
    await connection.close()
    return statements


def _insert(table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Statement:
    listed = ", ".join(f'"{name}"' for name in names)
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    return Statement(f"INSERT INTO {table} ({listed}) VALUES ({places})", rows)  # noqa: S608 -- as above


async def _write(pool: asyncpg.Pool, statements: Sequence[Statement], until: float) -> int:
    written = 0
    async with pool.acquire() as connection:
        while perf_counter() < until:
            fresh: dict[str, UUID] = {}
            async with connection.transaction():
                for statement in statements:
                    rows = [[_renewed(value, fresh) for value in row] for row in statement.rows]
                    if len(rows) == 1:
                        await connection.execute(statement.sql, *rows[0])
                    else:
                        await connection.executemany(statement.sql, rows)
            written += 1
    return written


def _renewed(value: Any, fresh: dict[str, UUID]) -> Any:
    """Ids get new values, the same ones wherever they stand in the transaction."""
    if isinstance(value, UUID):
        return fresh.setdefault(str(value), uuid7())
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        return str(fresh.setdefault(value, uuid7()))
    return value


async def transactions_per_second(
    database: str, statements: Sequence[Statement], *, connections: int, seconds: float
) -> float:
    """How many such transactions commit a second."""
    pool = await asyncpg.create_pool(database, min_size=connections, max_size=connections)
    begun = perf_counter()
    counts = await asyncio.gather(
        *(_write(pool, statements, begun + seconds) for _ in range(connections))
    )
    taken = perf_counter() - begun
    await pool.close()
    return sum(counts) / taken


def run(arguments: Mapping[str, Any]) -> float:
    """The same, in a process of its own."""
    return asyncio.run(transactions_per_second(**arguments))
