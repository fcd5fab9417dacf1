"""Keep of every investigation by when it is due and when it was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0216"
down_revision = "0215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward; cases that began before enter it as more is told of them."""
    op.create_table(
        "counted_case",
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("accident_id", "generation", name=op.f("pk_counted_case")),
    )
    op.create_index("ix_counted_case_due_on", "counted_case", ["due_on"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("counted_case")
