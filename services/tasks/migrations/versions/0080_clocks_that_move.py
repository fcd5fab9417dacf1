"""When an investigation is due now, and since when a clock stands still."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("accident", sa.Column("investigation_due_at", INSTANT, nullable=True))
    op.add_column(
        "accident",
        sa.Column("investigation_stands", sa.Boolean(), server_default="false", nullable=False),
    )
    op.add_column("obligation", sa.Column("stopped_at", INSTANT, nullable=True))


def downgrade() -> None:
    """Take them back, where they hold nothing that must be kept."""
    op.drop_column("obligation", "stopped_at")
    op.drop_column("accident", "investigation_stands")
    op.drop_column("accident", "investigation_due_at")
