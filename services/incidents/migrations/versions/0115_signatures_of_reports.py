"""Who signed a report of an investigation, which content of it, and who refused."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; what was handed in before bears no signatures here."""
    op.create_table(
        "report_signature",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("accident_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accident_id"], ["accident.id"], name=op.f("fk_report_signature_accident_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["team_member.id"], name=op.f("fk_report_signature_member_id")
        ),
        sa.PrimaryKeyConstraint(
            "accident_id", "generation", "number", name=op.f("pk_report_signature")
        ),
    )
    op.add_column("submission", sa.Column("content_sha256", sa.Text(), nullable=True))
    # Who doubts the report of an enterprise's accident is not for the enterprise to know.
    for statement in protect("report_signature"):
        op.execute(statement)


def downgrade() -> None:
    """Take it back: who signed is lost, that a report was handed in stays."""
    op.drop_column("submission", "content_sha256")
    op.drop_table("report_signature")
