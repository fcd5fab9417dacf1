"""What the unit of an accident must tell the province itself, and that it did."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the table forward: accidents reported before have no row, and nobody is alarmed."""
    op.create_table(
        "direct_report",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("to_unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.Column("told_by_unit", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_direct_report_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_report")),
        sa.UniqueConstraint(
            "accident_id", "level", name=op.f("uq_direct_report_accident_id_level")
        ),
    )
    op.create_index(
        "ix_direct_report_owed",
        "direct_report",
        ["due_at"],
        unique=False,
        postgresql_where="status = 'owed'",
    )
    for statement in protect("direct_report", holder="enterprise_uscc"):
        op.execute(statement)


def downgrade() -> None:
    """Take it back: what units told themselves is lost."""
    op.drop_table("direct_report")
