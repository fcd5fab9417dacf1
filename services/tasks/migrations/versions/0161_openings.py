"""The periods of plan duties, opened in chunks, and the groups that enterprises belong to."""

import sqlalchemy as sa
from alembic import op

from kernel import isolation

revision = "0161"
down_revision = "0160"
branch_labels = None
depends_on = None

_RUNNING = "status IN ('opening', 'open')"


# What events had opened for everybody goes on as openings; all of it was opened at once.
_TAKEN_OVER = """
    INSERT INTO opening (id, cause, origin, year, code, duty_kind, status, period_from, period_to,
                         due_at, least, begun_on, stage, opened, told, opened_at)
    SELECT id, 'publication', origin, split_part(duty, '/', 1)::int, split_part(duty, '/', 2),
           'event_triggered', 'open', (opened_at AT TIME ZONE 'Asia/Shanghai')::date,
           (due_at AT TIME ZONE 'Asia/Shanghai')::date - 1, due_at, 1,
           (opened_at AT TIME ZONE 'Asia/Shanghai')::date, 1, opened, opened, opened_at
    FROM triggered_duty
"""
# The kernel's tables are not there where this service's alone are made to be looked at.
_ITS_CLOCKS = """
    DO $$ BEGIN
        IF to_regclass('timer') IS NOT NULL THEN
            UPDATE timer SET kind = 'duty_period_ends' WHERE kind = 'triggered_duty_due';
        END IF;
    END $$
"""


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
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("origin", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("duty_kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("only", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.Column("stage", sa.Integer(), server_default="0", nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.Column("opened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told", sa.Integer(), server_default="0", nullable=False),
        sa.Column("overdue", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["year", "version", "code"],
            ["plan_duty.year", "plan_duty.version", "plan_duty.code"],
            name=op.f("fk_opening_year_version_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("origin", "year", "code", name=op.f("uq_opening_origin_year_code")),
    )
    op.create_index(
        "uq_opening_period",
        "opening",
        ["year", "version", "code", "period_from"],
        unique=True,
        postgresql_where=sa.text("cause = 'period'"),
    )
    op.create_index(
        "ix_opening_running", "opening", ["period_to"], postgresql_where=sa.text(_RUNNING)
    )
    op.execute(_TAKEN_OVER)
    op.execute(_ITS_CLOCKS)
    op.drop_table("triggered_duty")


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_opening_running", table_name="opening", postgresql_where=sa.text(_RUNNING))
    op.drop_index(
        "uq_opening_period",
        table_name="opening",
        postgresql_where=sa.text("cause = 'period'"),
    )
    _events_apart_again()
    op.drop_table("opening")
    op.drop_column("enterprise", "groups")
    op.drop_column("plan_duty", "within_days")


def _events_apart_again() -> None:
    op.create_table(
        "triggered_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triggered_duty")),
        sa.UniqueConstraint("origin", "duty", name=op.f("uq_triggered_duty_origin_duty")),
    )
    for statement in isolation.protect("triggered_duty"):
        op.execute(statement)
