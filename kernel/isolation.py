"""Row-level security, the second wall: what the policy code forgets, the database refuses.

Policies read the scope that a unit of work states. An unset or empty scope compares with
NULL and matches nothing: they fail closed. Ranges are used rather than LIKE because they are
leakproof, so an index still serves, and because LIKE '' || '%' would match everything.
"""

from collections.abc import Sequence

_LOW = "nullif(current_setting('app.region_lo', true), '')"
_HIGH = "nullif(current_setting('app.region_hi', true), '')"
_HOLDER = "nullif(current_setting('app.holder', true), '')"
_UNIT = "nullif(current_setting('app.unit', true), '')"

EVERYWHERE = (
    "SELECT set_config('app.region_lo', '0', true), set_config('app.region_hi', ':', true),"
    " set_config('app.holder', '*', true)"
)
"""For a migration that changes rows: the wall stands before their owner too."""


def protect(
    table: str,
    *,
    region: str = "region_code",
    holder: str | None = None,
    units: str | None = None,
    at_once: bool = False,
) -> Sequence[str]:
    """The statements that isolate a table by division, enterprise and unit.

    `holder` names the column with the enterprise's credit code; a table without one is
    hidden from enterprises. `units` names a text[] column of units that see the row wherever
    it stands. `at_once` reads the scope once a statement and not once a row, which halves the
    time of adding up thousands of them; but the planner no longer knows the scope and so not
    how many rows it has, so only for tables that are read by other conditions as well.
    """
    low, high, held, unit = (
        f"(SELECT {scope})" if at_once else scope for scope in (_LOW, _HIGH, _HOLDER, _UNIT)
    )
    within = f'({region} COLLATE "C" >= {low} AND {region} COLLATE "C" < {high})'
    if units is not None:
        within = f"({within} OR {unit} = ANY({units}))"
    # Written as a choice, not as OR: of that the planner believes that it leaves next to no
    # rows, and then reads a whole table where an index would give the first page at once. A
    # holder that is not stated is not '*', and no row's own holder equals it.
    owned = f"{holder} = {held}" if holder else "false"
    whose = f"CASE WHEN {held} = '*' THEN true ELSE {owned} END"
    rule = f"{within} AND {whose}"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY isolation ON {table} USING ({rule}) WITH CHECK ({rule})",
    )


def publish(table: str, *, region: str = "region_code") -> Sequence[str]:
    """The statements that let everybody read a table, and change what stands in their division.

    For registers: what they say is no secret, and a county does not rewrite its neighbour's.
    """
    return (
        *protect(table, region=region),
        f"CREATE POLICY published ON {table} FOR SELECT USING (true)",
    )


def follow(
    table: str, *, parent: str, key: str, named: str = "id", held: bool = True
) -> Sequence[str]:
    """The statements that show a table's rows to whoever sees the row they belong to.

    For what has no place of its own. The look-up is under the parent's own policy, so that a
    parent that changes hands takes everything about it along. `named` is what the parent calls
    its key; `held=False` hides from an enterprise what belongs to a row of its own.
    """
    rule = f"EXISTS (SELECT FROM {parent} p WHERE p.{named} = {table}.{key})"
    if not held:
        rule = f"{_HOLDER} = '*' AND {rule}"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY isolation ON {table} USING ({rule}) WITH CHECK ({rule})",
    )
