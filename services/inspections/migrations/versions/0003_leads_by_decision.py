"""Keep who was decided to lead, and whose heirs units are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "decided_lead",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("business", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decided_lead")),
    )
    op.create_index("ix_decided_lead_business", "decided_lead", ["business"])
    op.create_table(
        "ended_unit",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("heir", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_ended_unit")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("ended_unit")
    op.drop_index("ix_decided_lead_business", table_name="decided_lead")
    op.drop_table("decided_lead")
