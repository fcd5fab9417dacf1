"""What each line of the ledger counted, and a clock for the ruling on every objection to one."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE, follow

revision = "0257"
down_revision = "0256"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

# A migration knows no holidays: who waits already has a week for five working days.
DUE = """
    UPDATE score_objection
    SET due_at = (date_trunc('day', made_at AT TIME ZONE 'Asia/Shanghai') + interval '8 days')
        AT TIME ZONE 'Asia/Shanghai'
"""
CLOCKS = """
    INSERT INTO timer (timer_id, kind, entity_id, generation, due_at, rule, reason, attempt_at,
        attempts)
    SELECT gen_random_uuid(), 'score_ruling_due', id::text, 1, due_at,
        'platform scoring@2017-01-01', 'upgrade', due_at, 0
    FROM score_objection WHERE status = 'made'
"""


def upgrade() -> None:
    """Bring the tables forward; of lines that stand already nobody kept what they counted.

    An objection that has waited for longer than its clock allows is told of at once.
    """
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
    op.add_column("score_objection", sa.Column("due_at", INSTANT, nullable=True))
    op.add_column("score_objection", sa.Column("overdue_at", INSTANT, nullable=True))
    op.execute(EVERYWHERE)
    op.execute(DUE)
    op.execute(CLOCKS)
    op.alter_column("score_objection", "due_at", nullable=False)


def downgrade() -> None:
    """Take the step back."""
    op.execute("DELETE FROM timer WHERE kind = 'score_ruling_due'")
    op.drop_column("score_objection", "overdue_at")
    op.drop_column("score_objection", "due_at")
    op.drop_table("score_items")
