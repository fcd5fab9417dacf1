"""Which investigation of an accident goes on: the first, or one that was reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward."""
    op.add_column(
        "accident",
        sa.Column("investigation_generation", sa.Integer(), server_default="1", nullable=False),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("accident", "investigation_generation")
