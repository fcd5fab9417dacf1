"""Which follow-up ended a rescue, or had it go on."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("rescue_step", sa.Column("report_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take them back, where they hold nothing that must be kept."""
    op.drop_column("rescue_step", "report_id")
