"""Investigations, their clocks, dossiers, closings and climbs."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

OF_ENTERPRISES = (
    "investigation",
    "extension",
    "appraisal",
    "submission",
    "report_part",
    "delegation",
)
# What is weighed about an enterprise is not shown to it.
OF_OFFICES = ("climb", "closing_check", "supervision")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "appraisal",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_appraisal_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
    )
    op.create_index(
        "ix_appraisal_accident_id", "appraisal", ["accident_id", "generation"], unique=False
    )
    op.create_table(
        "climb",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_level", sa.Text(), nullable=False),
        sa.Column("to_level", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_climb_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_climb")),
        info={"append_only": True},
    )
    op.create_index("ix_climb_accident_id", "climb", ["accident_id"], unique=False)
    op.create_table(
        "closing_check",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_closing_check_accident_id")
        ),
        sa.PrimaryKeyConstraint(
            "accident_id", "generation", "question", "version", name=op.f("pk_closing_check")
        ),
        info={"append_only": True},
    )
    op.create_table(
        "delegation",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("by_unit", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_delegation_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        info={"append_only": True},
    )
    op.create_index("ix_delegation_accident_id", "delegation", ["accident_id"], unique=False)
    op.create_table(
        "extension",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_extension_accident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_extension_accident_id", "extension", ["accident_id", "generation"], unique=False
    )
    op.create_table(
        "investigation",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("inquiry", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=True),
        sa.Column("delegated_to", sa.Text(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_investigation_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", "generation", name=op.f("pk_investigation")),
    )
    op.create_index("ix_investigation_open", "investigation", ["unit", "status"], unique=False)
    op.create_table(
        "report_part",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_report_part_accident_id")
        ),
        sa.PrimaryKeyConstraint(
            "accident_id", "generation", "part", "version", name=op.f("pk_report_part")
        ),
        info={"append_only": True},
    )
    op.create_table(
        "submission",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("to_unit", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_submission_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", "generation", "number", name=op.f("pk_submission")),
    )
    op.create_table(
        "supervision",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("matters", sa.Text(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_by", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consented_by", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_supervision_accident_id")
        ),
        sa.PrimaryKeyConstraint("accident_id", "generation", name=op.f("pk_supervision")),
    )
    op.create_index(
        "ix_accident_grave",
        "accident",
        ["enterprise_uscc", "occurred_at"],
        unique=False,
        postgresql_where=sa.text("grade <> 'general'"),
    )
    op.add_column(
        "publication",
        sa.Column(
            "generation",
            sa.Integer(),
            server_default=sa.text("1"),
            autoincrement=False,
            nullable=False,
        ),
    )
    op.drop_constraint("pk_publication", "publication", type_="primary")
    op.create_primary_key("pk_publication", "publication", ["accident_id", "generation"])
    for table in OF_ENTERPRISES:
        for statement in protect(table, holder="enterprise_uscc"):
            op.execute(statement)
    for table in OF_OFFICES:
        for statement in protect(table):
            op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    # Only first generations fit the table as it was.
    op.execute("DELETE FROM publication WHERE generation > 1")
    op.drop_constraint("pk_publication", "publication", type_="primary")
    op.create_primary_key("pk_publication", "publication", ["accident_id"])
    op.drop_column("publication", "generation")
    op.drop_index(
        "ix_accident_grave", table_name="accident", postgresql_where=sa.text("grade <> 'general'")
    )
    op.drop_table("supervision")
    op.drop_table("submission")
    op.drop_table("report_part")
    op.drop_index("ix_investigation_open", table_name="investigation")
    op.drop_table("investigation")
    op.drop_index("ix_extension_accident_id", table_name="extension")
    op.drop_table("extension")
    op.drop_index("ix_delegation_accident_id", table_name="delegation")
    op.drop_table("delegation")
    op.drop_table("closing_check")
    op.drop_index("ix_climb_accident_id", table_name="climb")
    op.drop_table("climb")
    op.drop_index("ix_appraisal_accident_id", table_name="appraisal")
    op.drop_table("appraisal")
