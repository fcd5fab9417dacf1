"""When a notice was found overdue, and when the merging of its accident closed it."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

COLUMNS = ("overdue_at", "closed_at")


def upgrade() -> None:
    """Bring the tables forward."""
    for name in COLUMNS:
        op.add_column("notice", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them back, where they hold nothing that must be kept."""
    for name in COLUMNS:
        op.drop_column("notice", name)
