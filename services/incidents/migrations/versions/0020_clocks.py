"""Calls, readings, notices, rescues with their days, tolls, and the steps of findings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.isolation import EVERYWHERE, protect

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_ENTERPRISES = ("rescue", "rescue_step", "follow_up_day", "toll_change")
# Who read, whom a desk told and what was found is not for the enterprise to see.
OF_OFFICES = ("desk_reading", "notice", "finding_step", "finding_file")

# Findings made before have one step: the statement itself.
_FIRST_STEPS = """
    INSERT INTO finding_step
        (region_code, enterprise_uscc, id, finding_id, status, at, by, unit, reason)
    SELECT region_code, enterprise_uscc, id, id, status, found_at, found_by, unit, evidence
    FROM finding
"""


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "follow_up_day",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_follow_up_day_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_day")),
        sa.UniqueConstraint("accident_id", "day", name=op.f("uq_follow_up_day_accident_id_day")),
    )
    op.create_index(
        "ix_follow_up_day_open",
        "follow_up_day",
        ["unit", "due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "notice",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("from_unit", sa.Text(), nullable=False),
        sa.Column("to_unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_notice_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("accident_id", "to_unit", name=op.f("uq_notice_accident_id_to_unit")),
    )
    op.create_index(
        "ix_notice_open",
        "notice",
        ["from_unit", "due_at"],
        unique=False,
        postgresql_where="told_at IS NULL",
    )
    op.create_table(
        "desk_reading",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_desk_reading_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", "unit", name=op.f("pk_desk_reading")),
        info={"append_only": True},
    )
    op.create_table(
        "rescue",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_rescue_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_rescue")),
    )
    op.create_table(
        "rescue_step",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_rescue_step_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescue_step")),
        info={"append_only": True},
    )
    op.create_index("ix_rescue_step_accident_id", "rescue_step", ["accident_id"], unique=False)
    op.create_table(
        "finding_file",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_file_finding_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", "sha256", name=op.f("pk_finding_file")),
        info={"append_only": True},
    )
    op.create_table(
        "finding_step",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_finding_step_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_step")),
        info={"append_only": True},
    )
    op.create_index("ix_finding_step_finding_id", "finding_step", ["finding_id"], unique=False)
    op.create_table(
        "toll_change",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("fell", sa.Boolean(), nullable=False),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reasoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasoned_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_toll_change_accident_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_toll_change_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_toll_change")),
    )
    op.create_index("ix_toll_change_accident_id", "toll_change", ["accident_id"], unique=False)
    op.add_column("relay", sa.Column("means", sa.Text(), server_default="text", nullable=False))
    op.add_column("relay", sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("relay", sa.Column("phone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("relay", sa.Column("phone_by", sa.Text(), nullable=True))
    op.execute(EVERYWHERE)
    op.execute(_FIRST_STEPS)
    for table in OF_ENTERPRISES:
        for statement in protect(table, holder="enterprise_uscc"):
            op.execute(statement)
    for table in OF_OFFICES:
        for statement in protect(table):
            op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("relay", "phone_by")
    op.drop_column("relay", "phone_at")
    op.drop_column("relay", "received_at")
    op.drop_column("relay", "means")
    op.drop_index("ix_toll_change_accident_id", table_name="toll_change")
    op.drop_table("toll_change")
    op.drop_index("ix_finding_step_finding_id", table_name="finding_step")
    op.drop_table("finding_step")
    op.drop_table("finding_file")
    op.drop_index("ix_rescue_step_accident_id", table_name="rescue_step")
    op.drop_table("rescue_step")
    op.drop_table("rescue")
    op.drop_table("desk_reading")
    op.drop_index("ix_notice_open", table_name="notice", postgresql_where="told_at IS NULL")
    op.drop_table("notice")
    op.drop_index(
        "ix_follow_up_day_open",
        table_name="follow_up_day",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_table("follow_up_day")
