"""Whoever passes on that a higher government published a report says where it is known from."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward; of what was recorded before, nobody asked."""
    op.add_column("publication", sa.Column("source", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("publication", "source")
