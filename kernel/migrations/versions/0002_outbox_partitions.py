"""The rows whose locks are the relays' leases."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the partitions; their number is fixed, for aggregates are hashed to them."""
    op.execute("INSERT INTO outbox_partition SELECT generate_series(0, 15)")


def downgrade() -> None:
    """Take the step back."""
    op.execute("DELETE FROM outbox_partition")
