"""How many units that share an obligation have not done their part."""

import sqlalchemy as sa
from alembic import op

revision = "0203"
down_revision = "0202"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward."""
    op.add_column(
        "obligation", sa.Column("parts_open", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("obligation", "parts_open")
