"""Let the service have the planner look at its obligations: only their owner may otherwise."""

from alembic import op

revision = "0220"
down_revision = "0216"
branch_labels = None
depends_on = None

_FUNCTION = """
    CREATE FUNCTION analyze_obligation() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
    AS $$ BEGIN ANALYZE public.obligation; END $$
"""


def upgrade() -> None:
    """Bring the function forward."""
    op.execute(_FUNCTION)


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP FUNCTION analyze_obligation()")
