"""How many cases were closed in time is kept, for the cases there are as well."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE, protect

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

_COUNTED = """
    INSERT INTO counted_case (region_code, enterprise_uscc, accident_id, generation, park_code,
        month, closed)
    SELECT a.region_code, a.enterprise_uscc, a.accident_id, i.generation, a.park_code,
        date_trunc('month', i.case_due_on)::date,
        coalesce(coalesce((i.approved_at AT TIME ZONE 'Asia/Shanghai')::date, p.published_on)
            <= i.case_due_on, false)
    FROM investigation i JOIN counted_accident a USING (accident_id)
    LEFT JOIN publication p USING (accident_id, generation)
    WHERE i.case_due_on IS NOT NULL AND a.standing = 'counted'
"""
_SUMMED = """
    INSERT INTO closure_sum (region_code, month, park_code, due, closed)
    SELECT region_code, month, park_code, count(*), sum(closed::int)
    FROM counted_case GROUP BY region_code, month, park_code
"""


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "counted_case",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_counted_case_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", "generation", name=op.f("pk_counted_case")),
    )
    op.create_index("ix_counted_case_month", "counted_case", ["month"], unique=False)
    op.create_table(
        "closure_sum",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region_code", "month", "park_code", name=op.f("pk_closure_sum")),
    )
    op.execute(EVERYWHERE)
    for statement in (_COUNTED, _SUMMED):
        op.execute(statement)
    for table in ("counted_case", "closure_sum"):
        for statement in protect(table):
            op.execute(statement)
        op.execute(_seen_by_park(table))


def _seen_by_park(table: str) -> str:
    """A further policy on a table that is isolated already: policies widen each other."""
    policy = protect(table, region="park_code")[-1]
    return (
        policy.replace("POLICY isolation", "POLICY seen_by_park")
        .replace(f"ON {table} USING", f"ON {table} FOR SELECT USING")
        .rpartition(" WITH CHECK ")[0]
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("closure_sum")
    op.drop_index("ix_counted_case_month", table_name="counted_case")
    op.drop_table("counted_case")
