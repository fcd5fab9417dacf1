"""The ledger of figures, what is reported for it, and the bases of reductions."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0200"
down_revision = "0190"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SHAPE = (
    "(amount IS NOT NULL AND num_nonnulls(numerator, denominator) = 0)"
    " OR (amount IS NULL AND num_nonnulls(numerator, denominator) = 2)"
)

_ISOLATED = (
    *protect("counted_accident"),
    *protect("figure", holder="enterprise_uscc"),
    *protect("figure_report", holder="enterprise_uscc"),
    *protect("figure_base", holder="enterprise_uscc"),
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "counted_accident",
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("accident_type", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_counted_accident")),
    )
    op.create_table(
        "figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            SHAPE,
            name=op.f("ck_figure_count_or_ratio"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_figure_enterprise",
        "figure",
        ["enterprise_uscc", "metric", "day"],
        unique=False,
        postgresql_where="enterprise_uscc IS NOT NULL",
    )
    op.create_index("ix_figure_place", "figure", ["metric", "day", "region_code"], unique=False)
    op.create_index("ix_figure_recorded_at", "figure", ["recorded_at", "id"], unique=False)
    op.create_index(
        "ix_figure_unit",
        "figure",
        ["unit", "metric", "day"],
        unique=False,
        postgresql_where="unit IS NOT NULL",
    )
    op.create_index("uq_figure", "figure", ["metric", "source", "version"], unique=True)
    op.create_table(
        "figure_base",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "year",
            "metric",
            "region_code",
            "unit",
            "enterprise_uscc",
            "day",
            name=op.f("pk_figure_base"),
        ),
        info={"append_only": True},
    )
    op.create_table(
        "figure_freeze",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("frozen_at", INSTANT, nullable=False),
        sa.Column("frozen_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_figure_freeze")),
        info={"append_only": True},
    )
    op.create_table(
        "figure_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("files", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            SHAPE,
            name=op.f("ck_figure_report_count_or_ratio"),
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_figure_report_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_report")),
    )
    op.create_index(
        "ix_figure_report_obligation_id", "figure_report", ["obligation_id", "id"], unique=False
    )
    op.create_index(
        "ix_figure_report_reported_at", "figure_report", ["reported_at", "id"], unique=False
    )
    op.create_index(
        "uq_figure_report_waiting",
        "figure_report",
        ["metric", "subject", "day"],
        unique=True,
        postgresql_where="status = 'submitted'",
    )
    for statement in _ISOLATED:
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(
        "uq_figure_report_waiting",
        table_name="figure_report",
        postgresql_where="status = 'submitted'",
    )
    op.drop_index("ix_figure_report_reported_at", table_name="figure_report")
    op.drop_index("ix_figure_report_obligation_id", table_name="figure_report")
    op.drop_table("figure_report")
    op.drop_table("figure_freeze")
    op.drop_table("figure_base")
    op.drop_index("uq_figure", table_name="figure")
    op.drop_index("ix_figure_unit", table_name="figure", postgresql_where="unit IS NOT NULL")
    op.drop_index("ix_figure_recorded_at", table_name="figure")
    op.drop_index("ix_figure_place", table_name="figure")
    op.drop_index(
        "ix_figure_enterprise", table_name="figure", postgresql_where="enterprise_uscc IS NOT NULL"
    )
    op.drop_table("figure")
    op.drop_table("counted_accident")
