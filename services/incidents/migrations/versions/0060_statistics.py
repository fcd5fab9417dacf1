"""Counts of accidents, their entries in the national statistics, and bulletins."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.isolation import protect

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None

# None of these has a holder: row-level security hides them from enterprises.
TABLES = ("counted_accident", "statistic", "entry", "stated_figure", "frozen_base", "bulletin")

OF_PARKS = ("counted_accident", "statistic")
"""Their rows stand in the county; the park that lies in it sees its own as well."""


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "bulletin",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("analysis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint(
            "region_code", "month", "edition", name=op.f("uq_bulletin_region_code_month_edition")
        ),
        sa.UniqueConstraint(
            "region_code", "year", "number", name=op.f("uq_bulletin_region_code_year_number")
        ),
        info={"append_only": True},
    )
    op.create_table(
        "frozen_base",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("accidents", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("region_code", "year", name=op.f("pk_frozen_base")),
        info={"append_only": True},
    )
    op.create_table(
        "stated_figure",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=4), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_figure")),
        info={"append_only": True},
    )
    op.create_index(
        "uq_stated_figure",
        "stated_figure",
        ["region_code", "kind", "month", "version"],
        unique=True,
    )
    op.create_table(
        "statistic",
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("accident_type", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("accidents", sa.Integer(), nullable=False),
        sa.Column("graver", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("serious_injuries", sa.Integer(), nullable=False),
        sa.Column("direct_loss_wan", sa.Numeric(precision=18, scale=4), nullable=False),
        sa.PrimaryKeyConstraint(
            "shape",
            "region_code",
            "month",
            "park_code",
            "industry",
            "accident_type",
            "grade",
            "standing",
            name=op.f("pk_statistic"),
        ),
    )
    op.create_table(
        "counted_accident",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("park_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("accident_type", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("serious_injuries", sa.Integer(), nullable=False),
        sa.Column("direct_loss_wan", sa.Numeric(precision=13, scale=4), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("standing_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_deaths", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_counted_accident_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_counted_accident")),
    )
    op.create_index(
        "ix_counted_accident_left",
        "counted_accident",
        ["month"],
        unique=False,
        postgresql_where=sa.text("standing <> 'counted'"),
    )
    op.create_index(
        "ix_counted_accident_month", "counted_accident", ["month", "region_code"], unique=False
    )
    op.create_table(
        "entry",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enter_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.Text(), nullable=True),
        sa.Column("entered_late", sa.Boolean(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("completed_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_entry_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_opened_at", "entry", ["opened_at", "accident_id"], unique=False)
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table in OF_PARKS:
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
    op.drop_index("ix_entry_opened_at", table_name="entry")
    op.drop_table("entry")
    op.drop_index("ix_counted_accident_month", table_name="counted_accident")
    op.drop_index(
        "ix_counted_accident_left",
        table_name="counted_accident",
        postgresql_where=sa.text("standing <> 'counted'"),
    )
    op.drop_table("counted_accident")
    op.drop_table("statistic")
    op.drop_index("uq_stated_figure", table_name="stated_figure")
    op.drop_table("stated_figure")
    op.drop_table("frozen_base")
    op.drop_table("bulletin")
