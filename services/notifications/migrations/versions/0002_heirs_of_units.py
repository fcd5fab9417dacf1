"""Keep whose heirs units are."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "ended_unit",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("heir", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_ended_unit")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("ended_unit")
