"""A list agrees to a report as it was handed in, not to whatever comes after it."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An agreement from before was to the case, and holds for it."""
    op.add_column("supervision", sa.Column("consented_to", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Which hand-in was agreed to is lost; that there was an agreement stays."""
    op.drop_column("supervision", "consented_to")
