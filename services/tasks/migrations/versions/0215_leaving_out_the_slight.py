"""Keep whether an accident is too slight to be counted; older ones count until more is told."""

import sqlalchemy as sa
from alembic import op

revision = "0215"
down_revision = "0209"
branch_labels = None
depends_on = None

_TABLES = ("accident", "counted_accident")


def upgrade() -> None:
    """Add the mark to both copies."""
    for table in _TABLES:
        op.add_column(
            table, sa.Column("left_out", sa.Boolean(), server_default="false", nullable=False)
        )


def downgrade() -> None:
    """Take it back."""
    for table in reversed(_TABLES):
        op.drop_column(table, "left_out")
