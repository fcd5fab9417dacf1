"""Which units failed the assessment of a year, as an office stated it."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0260"
down_revision = "0259"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_verdict_card_id")),
        sa.ForeignKeyConstraint(["ranking_id"], ["ranking.id"], name=op.f("fk_verdict_ranking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint("ranking_id", "unit", name=op.f("uq_verdict_ranking_id_unit")),
        info={"append_only": True},
    )
    for statement in protect("verdict"):
        op.execute(statement)


def downgrade() -> None:
    """Take the step back; the cards that were proposed stay."""
    op.drop_table("verdict")
