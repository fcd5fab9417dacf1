"""Addresses of calendar feeds, and the digests that units were told."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0201"
down_revision = "0200"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

_ISOLATED = (
    *protect("feed", holder="enterprise_uscc"),
    *protect("digest"),
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "digest",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("due_today", sa.Integer(), nullable=False),
        sa.Column("due_soon", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("to_review", sa.Integer(), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("unit", "day", name=op.f("pk_digest")),
        info={"append_only": True},
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index(
        "ix_feed_holder", "feed", ["region_code", "unit", "enterprise_uscc"], unique=False
    )
    op.create_index("uq_feed_secret", "feed", ["secret_sha256"], unique=True)
    op.create_index(
        "ix_obligation_live_unit",
        "obligation",
        ["unit", "due_at"],
        unique=False,
        postgresql_where="unit IS NOT NULL AND status IN ('open', 'submitted', 'returned')",
    )
    op.create_index(
        "ix_obligation_submitted",
        "obligation",
        ["region_code"],
        unique=False,
        postgresql_where="status = 'submitted'",
    )
    for statement in _ISOLATED:
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(
        "ix_obligation_submitted", table_name="obligation", postgresql_where="status = 'submitted'"
    )
    op.drop_index(
        "ix_obligation_live_unit",
        table_name="obligation",
        postgresql_where="unit IS NOT NULL AND status IN ('open', 'submitted', 'returned')",
    )
    op.drop_index("uq_feed_secret", table_name="feed")
    op.drop_index("ix_feed_holder", table_name="feed")
    op.drop_table("feed")
    op.drop_table("digest")
