"""the tables."""

import sqlalchemy as sa
from alembic import op

from kernel import isolation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ISOLATED = (
    *isolation.protect("enterprise", holder="uscc"),
    *isolation.protect("flag", holder="uscc"),
    *isolation.protect("flag_grade", holder="uscc"),
    *isolation.protect("visit", holder="uscc"),
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "enterprise",
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("county_code", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("high_risk", sa.Boolean(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=True),
        sa.Column("supervision", sa.Text(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("groups", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_enterprise")),
    )
    op.create_index(
        "ix_enterprise_region_code", "enterprise", ["region_code", "uscc"], unique=False
    )
    op.create_table(
        "flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("accident_id", name=op.f("uq_flag_accident_id")),
    )
    op.create_index("ix_flag_uscc", "flag", ["uscc"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("origin", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("origin", "kind", name=op.f("uq_visit_origin_kind")),
    )
    op.create_index("ix_visit_region_code", "visit", ["region_code", "due_on", "id"], unique=False)
    op.create_table(
        "flag_grade",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_grade_flag_id")),
        sa.PrimaryKeyConstraint("flag_id", "since", name=op.f("pk_flag_grade")),
        info={"append_only": True},
    )
    for statement in _ISOLATED:
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("flag_grade")
    op.drop_index("ix_visit_region_code", table_name="visit")
    op.drop_table("visit")
    op.drop_index("ix_flag_uscc", table_name="flag")
    op.drop_table("flag")
    op.drop_index("ix_enterprise_region_code", table_name="enterprise")
    op.drop_table("enterprise")
