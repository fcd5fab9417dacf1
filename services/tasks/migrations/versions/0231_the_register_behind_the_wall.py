"""Let nobody change the register of another place: the database holds to it too.

Everybody goes on reading all of it. Lines, seats and successions are not here: with a unit that
ends, those that lead to it from other places change as well.
"""

from collections.abc import Mapping

from alembic import op

from kernel.isolation import publish

revision = "0231"
down_revision = "0230"
branch_labels = None
depends_on = None

_OF_ITS_UNIT = "split_part(unit, '.', 1)"
_REGISTER: Mapping[str, str] = {
    "unit": "region_code",
    "post": _OF_ITS_UNIT,
    "holding": _OF_ITS_UNIT,
    "chain_decision": "region_code",
}


def upgrade() -> None:
    """Bring the wall up."""
    for table, region in _REGISTER.items():
        for statement in publish(table, region=region):
            op.execute(statement)


def downgrade() -> None:
    """Take it down."""
    for table in _REGISTER:
        for policy in ("published", "isolation"):
            op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
