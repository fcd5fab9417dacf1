"""Keep what was found of reports from the enterprises that it was found of."""

from alembic import op

from kernel.isolation import follow

revision = "0230"
down_revision = "0220"
branch_labels = None
depends_on = None

_TABLE = "accident_finding"
# A finding stands where its accident does. It is not shown to whom it is about, who may still
# be looked into: the accident alone is.
_ISOLATED = follow(_TABLE, parent="accident", key="accident_id", named="accident_id", held=False)


def upgrade() -> None:
    """Bring the wall up."""
    for statement in _ISOLATED:
        op.execute(statement)


def downgrade() -> None:
    """Take it down."""
    op.execute(f"DROP POLICY isolation ON {_TABLE}")
    op.execute(f"ALTER TABLE {_TABLE} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {_TABLE} DISABLE ROW LEVEL SECURITY")
