"""One statement that inserts rows into any number of tables.

Sent one statement a table, the way there and back costs more than the work.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

import orjson

Rows = dict[str, list[dict[str, Any]]]
"""Values by column, by the name of the table."""


def as_values(added: Iterable[Any]) -> Rows:
    """Mapped objects as the values that were set on them, by table."""
    rows: Rows = {}
    for row in added:
        rows.setdefault(row.__tablename__, []).append(values_of(row))
    return rows


def values_of(row: Any) -> dict[str, Any]:
    """The values that were set on a mapped object, by column."""
    return {name: value for name, value in vars(row).items() if name[0] != "_"}


def insertion(rows: Rows, *, once: Collection[str] = (), scoped: bool = False) -> tuple[str, str]:
    """One statement, and its one argument, that inserts rows into all their tables.

    Rows travel as one JSON text that PostgreSQL spreads over the tables itself, so a row may
    refer to another of the same call. Only the database's own defaults apply. The rows of a
    table must name the same columns. In the tables named `once`, what is there already stays.
    With `scoped`, four more arguments state the scope that row-level security reads.
    """
    shapes = tuple((table, tuple(values[0]), table in once) for table, values in rows.items())
    return _insertion(shapes, scoped), orjson.dumps(rows, default=_spelled).decode()


def _spelled(value: Any) -> str:
    """A value that JSON has no word for, as PostgreSQL reads it."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


# Every insert reads what is given, so the scope stands before the first row is checked.
_SCOPE = (
    ", set_config('app.region_lo', $2, true), set_config('app.region_hi', $3, true)"
    ", set_config('app.holder', $4, true), set_config('app.unit', $5, true)"
)


@cache
def _insertion(shapes: Sequence[tuple[str, Sequence[str], bool]], scoped: bool) -> str:
    inserts = ", ".join(_insert(*shape) for shape in shapes)
    scope = _SCOPE if scoped else ""
    return f"WITH given AS MATERIALIZED (SELECT $1::jsonb AS rows{scope}), {inserts} SELECT 1"


def _insert(table: str, columns: Sequence[str], once: bool) -> str:
    named = ", ".join(columns)
    conflict = " ON CONFLICT DO NOTHING" if once else ""
    return (
        f"into_{table} AS (INSERT INTO {table} ({named}) SELECT {named}"  # noqa: S608 -- our own names
        f" FROM given, jsonb_populate_recordset(NULL::{table}, given.rows -> '{table}'){conflict})"
    )
