"""The goals of each version of a plan, frozen with it."""

import sqlalchemy as sa
from alembic import op

revision = "0251"
down_revision = "0250"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward; of versions issued before, nothing is said of goals."""
    op.add_column("plan", sa.Column("goals", sa.Integer(), nullable=True))
    op.create_table(
        "plan_goal",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("source_start", sa.Integer(), nullable=True),
        sa.Column("source_end", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["year", "version"],
            ["plan.year", "plan.version"],
            name=op.f("fk_plan_goal_year_version"),
        ),
        sa.PrimaryKeyConstraint("year", "version", "code", name=op.f("pk_plan_goal")),
        info={"append_only": True},
    )
    op.execute(
        "CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON plan_goal"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_plan()"
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("plan_goal")
    op.drop_column("plan", "goals")
