"""calls, drafts, corrections, public reports, duplicates, shares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.isolation import protect

revision = "0010"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "draft",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(
        "ix_draft_region_code", "draft", ["region_code", "saved_at", "id"], unique=False
    )
    op.create_table(
        "public_report",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("doubts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("follow", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("enterprise_name", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("injured", sa.Integer(), nullable=False),
        sa.Column("trapped", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_report")),
    )
    op.create_index("ix_public_report_follow", "public_report", ["follow"], unique=True)
    op.create_index(
        "ix_public_report_received_at", "public_report", ["received_at", "id"], unique=False
    )
    op.create_index(
        "ix_public_report_words", "public_report", ["words", "received_at"], unique=False
    )
    op.create_table(
        "likeness",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("kept_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_likeness_accident_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["accident.id"], name=op.f("fk_likeness_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness")),
        sa.UniqueConstraint(
            "accident_id", "other_id", name=op.f("uq_likeness_accident_id_other_id")
        ),
    )
    op.create_index(
        "ix_likeness_open",
        "likeness",
        ["region_code"],
        unique=False,
        postgresql_where="status = 'offered'",
    )
    op.create_index("ix_likeness_other_id", "likeness", ["other_id"], unique=False)
    op.create_table(
        "phone_call",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("caller_name", sa.LargeBinary(), nullable=True),
        sa.Column("caller_phone", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_phone_call_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
        info={"append_only": True},
    )
    op.create_index("ix_phone_call_accident_id", "phone_call", ["accident_id"], unique=False)
    op.create_table(
        "share",
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("lead_region", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_share_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", "region_code", name=op.f("pk_share")),
    )
    op.create_table(
        "correction",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_correction_accident_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_correction_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("report_id", "version", name=op.f("uq_correction_report_id_version")),
        info={"append_only": True},
    )
    op.add_column("accident", sa.Column("enterprise_name", sa.Text(), nullable=True))
    op.add_column(
        "accident",
        sa.Column("risk_grounds", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column(
        "accident", sa.Column("unplaced", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("accident", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_accident_merged_into"), "accident", "accident", ["merged_into"], ["id"]
    )
    op.create_check_constraint("merged_into_another", "accident", "merged_into <> id")
    op.add_column("relay", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report", sa.Column("endangered", sa.Integer(), nullable=True))
    op.add_column("report", sa.Column("unit_profile", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("scene", sa.Text(), nullable=True))
    op.add_column(
        "report", sa.Column("stated", sa.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )

    for table in ("draft", "correction"):
        for statement in protect(table, holder="enterprise_uscc"):
            op.execute(statement)
    # Who called, who reported and what looks alike is for desks: enterprises see none of it.
    for table in ("phone_call", "public_report", "likeness", "share"):
        for statement in protect(table):
            op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("report", "stated")
    op.drop_column("report", "scene")
    op.drop_column("report", "unit_profile")
    op.drop_column("report", "endangered")
    op.drop_column("relay", "closed_at")
    op.drop_constraint("merged_into_another", "accident", type_="check")
    op.drop_constraint(op.f("fk_accident_merged_into"), "accident", type_="foreignkey")
    op.drop_column("accident", "merged_into")
    op.drop_column("accident", "unplaced")
    op.drop_column("accident", "risk_grounds")
    op.drop_column("accident", "enterprise_name")
    op.drop_table("correction")
    op.drop_table("share")
    op.drop_index("ix_phone_call_accident_id", table_name="phone_call")
    op.drop_table("phone_call")
    op.drop_index("ix_likeness_other_id", table_name="likeness")
    op.drop_index("ix_likeness_open", table_name="likeness", postgresql_where="status = 'offered'")
    op.drop_table("likeness")
    op.drop_index("ix_public_report_words", table_name="public_report")
    op.drop_index("ix_public_report_received_at", table_name="public_report")
    op.drop_index("ix_public_report_follow", table_name="public_report")
    op.drop_table("public_report")
    op.drop_index("ix_draft_region_code", table_name="draft")
    op.drop_table("draft")
