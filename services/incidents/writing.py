"""All new rows of a transaction in one round trip, whatever tables they belong to.

Accepting a report writes a dozen rows into eight tables; sent one statement at a time, the
way there and back costs more than the work. Rows travel as one JSON text that PostgreSQL
spreads over the tables itself, so a row may refer to another of the same call.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

Columns = tuple[str, ...]


async def write_at_once(session: AsyncSession) -> None:
    """Insert everything that was added to the session and is not yet stored.

    Every value must have been set by the caller: only the database's own defaults apply.
    The objects are let go: to change them later, load them.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for added in session.new:
        values = {name: value for name, value in vars(added).items() if name[0] != "_"}
        rows.setdefault(added.__tablename__, []).append(values)
    session.expunge_all()
    shapes = tuple((table, tuple(values[0])) for table, values in sorted(rows.items()))
    if rows:
        given = orjson.dumps(rows, default=str).decode()
        await session.execute(_insertion(shapes), {"rows": given})


@cache
def _insertion(shapes: Sequence[tuple[str, Columns]]) -> TextClause:
    inserts = ", ".join(_insert(table, columns) for table, columns in shapes)
    return text(
        f"WITH given AS MATERIALIZED (SELECT CAST(:rows AS jsonb) AS rows), {inserts} SELECT 1"
    )


def _insert(table: str, columns: Columns) -> str:
    named = ", ".join(columns)
    return (
        f"into_{table} AS (INSERT INTO {table} ({named}) SELECT {named}"  # noqa: S608 -- our names
        f" FROM given, jsonb_populate_recordset(NULL::{table}, given.rows -> '{table}'))"
    )
