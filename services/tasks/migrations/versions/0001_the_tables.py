"""the service's tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel import isolation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Units, posts and plans are published by law: everybody who is signed in may read them.
_ISOLATED = (
    *isolation.protect("obligation", holder="enterprise_uscc"),
    *isolation.protect("evidence", holder="enterprise_uscc"),
    *isolation.protect("enterprise", holder="uscc"),
    *isolation.protect("accident", holder="enterprise_uscc"),
    *isolation.protect("triggered_duty"),
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "accident",
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("investigating_unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("accident_id", name=op.f("pk_accident")),
    )
    op.create_table(
        "enterprise",
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("high_risk", sa.Boolean(), nullable=False),
        sa.Column("risk_class", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_enterprise")),
    )
    op.create_index("ix_enterprise_region_code", "enterprise", ["region_code"], unique=False)
    op.create_table(
        "obligation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("origin", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(unit, enterprise_uscc) = 1", name=op.f("ck_obligation_one_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
    )
    op.create_index("ix_obligation_due", "obligation", ["due_at", "id"], unique=False)
    op.create_index(
        "ix_obligation_enterprise",
        "obligation",
        ["enterprise_uscc", "due_at", "id"],
        unique=False,
        postgresql_where="enterprise_uscc IS NOT NULL",
    )
    op.create_index(
        "ix_obligation_unit",
        "obligation",
        ["unit", "due_at", "id"],
        unique=False,
        postgresql_where="unit IS NOT NULL",
    )
    op.create_index(
        "uq_obligation_live",
        "obligation",
        ["origin", "duty", "subject"],
        unique=True,
        postgresql_where="status <> 'superseded'",
    )
    op.create_table(
        "plan",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("duties", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_plan")),
    )
    op.create_table(
        "post",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", "effective_from", name=op.f("pk_post")),
    )
    op.create_index("ix_post_unit", "post", ["unit"], unique=False)
    op.create_index(
        "uq_post_current", "post", ["code"], unique=True, postgresql_where="effective_to IS NULL"
    )
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
    op.create_table(
        "unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "effective_from", name=op.f("pk_unit")),
    )
    op.create_index("ix_unit_region_code", "unit", ["region_code"], unique=False)
    op.create_index(
        "uq_unit_current", "unit", ["code"], unique=True, postgresql_where="effective_to IS NULL"
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_evidence_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_obligation_id", "evidence", ["obligation_id"], unique=False)
    op.create_table(
        "plan_article",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("allocations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["plan.year"], name=op.f("fk_plan_article_year")),
        sa.PrimaryKeyConstraint("year", "number", name=op.f("pk_plan_article")),
    )
    op.create_table(
        "plan_duty",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["year"], ["plan.year"], name=op.f("fk_plan_duty_year")),
        sa.PrimaryKeyConstraint("year", "code", name=op.f("pk_plan_duty")),
    )
    for statement in _ISOLATED:
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("plan_duty")
    op.drop_table("plan_article")
    op.drop_index("ix_evidence_obligation_id", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("uq_unit_current", table_name="unit", postgresql_where="effective_to IS NULL")
    op.drop_index("ix_unit_region_code", table_name="unit")
    op.drop_table("unit")
    op.drop_table("triggered_duty")
    op.drop_index("uq_post_current", table_name="post", postgresql_where="effective_to IS NULL")
    op.drop_index("ix_post_unit", table_name="post")
    op.drop_table("post")
    op.drop_table("plan")
    op.drop_index(
        "uq_obligation_live", table_name="obligation", postgresql_where="status <> 'superseded'"
    )
    op.drop_index(
        "ix_obligation_unit", table_name="obligation", postgresql_where="unit IS NOT NULL"
    )
    op.drop_index(
        "ix_obligation_enterprise",
        table_name="obligation",
        postgresql_where="enterprise_uscc IS NOT NULL",
    )
    op.drop_index("ix_obligation_due", table_name="obligation")
    op.drop_table("obligation")
    op.drop_index("ix_enterprise_region_code", table_name="enterprise")
    op.drop_table("enterprise")
    op.drop_table("accident")
