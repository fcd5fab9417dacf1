"""What each line of the ledger counted, kept with the line."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import follow

revision = "0257"
down_revision = "0254"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; of lines that stand already nobody kept what they counted."""
    op.create_table(
        "score_items",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("items", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("in_numerator", sa.ARRAY(sa.Boolean()), nullable=False),
        sa.Column("in_denominator", sa.ARRAY(sa.Boolean()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["score_line.id"], name=op.f("fk_score_items_line_id")
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_score_items")),
        info={"append_only": True},
    )
    for statement in follow("score_items", parent="score_line", key="line_id", held=False):
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("score_items")
