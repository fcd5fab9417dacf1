"""Show changes of accidents to whoever sees the place alone: the database holds to it too."""

from alembic import op

from kernel.isolation import protect

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

_TABLE = "change_log"
# The scope of a change is its place. Enterprises pull nothing: not even of themselves.
_ENABLE, _FORCE, _POLICY = protect(_TABLE, region="scope")
_READING = _POLICY.replace("USING", "FOR SELECT USING").partition(" WITH CHECK")[0]
# Whoever changes an accident says so in every place that follows it.
_ADDING = f"CREATE POLICY adding ON {_TABLE} FOR INSERT WITH CHECK (true)"


def upgrade() -> None:
    """Bring the wall up."""
    for statement in (_ENABLE, _FORCE, _READING, _ADDING):
        op.execute(statement)


def downgrade() -> None:
    """Take it down."""
    for policy in ("adding", "isolation"):
        op.execute(f"DROP POLICY {policy} ON {_TABLE}")
    op.execute(f"ALTER TABLE {_TABLE} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {_TABLE} DISABLE ROW LEVEL SECURITY")
