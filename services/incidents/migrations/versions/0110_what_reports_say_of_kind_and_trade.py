"""Reports keep what they say of the kind of accident and of the trade; earlier ones did not."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0097"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of a report from before, what the accident says is all that is known."""
    op.add_column("report", sa.Column("accident_type", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("industry", sa.Text(), nullable=True))


def downgrade() -> None:
    """What reports said of both is lost; what accidents are held to be stays."""
    op.drop_column("report", "industry")
    op.drop_column("report", "accident_type")
