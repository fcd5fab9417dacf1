"""Whose an accident turned out to be that was reported without a credit code."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward."""
    op.create_table(
        "identification",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_name", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identified_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_identification_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_identification")),
    )
    for statement in protect("identification", holder="enterprise_uscc"):
        op.execute(statement)


def downgrade() -> None:
    """Take it back: how it became known is lost, whose an accident is stays."""
    op.drop_table("identification")
