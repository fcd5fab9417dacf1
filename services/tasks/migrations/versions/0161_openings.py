"""The periods of plan duties, opened in chunks, and the groups that enterprises belong to."""

import sqlalchemy as sa
from alembic import op

revision = "0161"
down_revision = "0160"
branch_labels = None
depends_on = None

_RUNNING = "status IN ('opening', 'open')"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("plan_duty", sa.Column("within_days", sa.Integer(), nullable=True))
    op.add_column(
        "enterprise",
        sa.Column("groups", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.create_table(
        "opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("duty_kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("stage", sa.Integer(), server_default="0", nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.Column("opened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("overdue", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["year", "version", "code"],
            ["plan_duty.year", "plan_duty.version", "plan_duty.code"],
            name=op.f("fk_opening_year_version_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint(
            "year",
            "version",
            "code",
            "period_from",
            name=op.f("uq_opening_year_version_code_period_from"),
        ),
    )
    op.create_index(
        "ix_opening_running", "opening", ["period_to"], postgresql_where=sa.text(_RUNNING)
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_opening_running", table_name="opening", postgresql_where=sa.text(_RUNNING))
    op.drop_table("opening")
    op.drop_column("enterprise", "groups")
    op.drop_column("plan_duty", "within_days")
