"""Supervisory orders, their receipts, answers, extensions, files, steps and numbers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.isolation import follow, protect

revision = "0170"
down_revision = "0161"
branch_labels = None
depends_on = None

_PARTS = ("receipt", "answer", "extension", "commitment", "file", "entry")

# What belongs to an order is seen by whoever sees the order, wherever it stands by now.
_ISOLATED = (
    *protect("supervision", holder="enterprise_uscc", units="units"),
    *protect("supervision_counter"),
    *(
        statement
        for part in _PARTS
        for statement in follow(f"supervision_{part}", parent="supervision", key="supervision_id")
    ),
)


def upgrade() -> None:
    """Bring the tables forward."""
    _supervisions()
    _answers()
    _parts()
    for statement in _ISOLATED:
        op.execute(statement)


def _supervisions() -> None:
    op.create_table(
        "supervision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("keeper", sa.Text(), nullable=False),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("addressees", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("cc", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("matters", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Text(), nullable=True),
        sa.Column("cause_reason", sa.Text(), nullable=True),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("five", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("number_text", sa.Text(), nullable=True),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("acceptance_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acceptance_overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meeting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meeting_place", sa.Text(), nullable=True),
        sa.Column("interviewees", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attended", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follows"], ["supervision.id"], name=op.f("fk_supervision_follows")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
        sa.UniqueConstraint(
            "issuer", "kind", "year", "number", name=op.f("uq_supervision_issuer_kind_year_number")
        ),
    )
    op.create_index(
        "ix_supervision_cause_id",
        "supervision",
        ["cause_id"],
        unique=False,
        postgresql_where="cause_id IS NOT NULL",
    )
    op.create_index("ix_supervision_drafted_at", "supervision", ["drafted_at", "id"], unique=False)
    op.create_index("ix_supervision_due_at", "supervision", ["due_at", "id"], unique=False)
    op.create_index(
        "ix_supervision_follows",
        "supervision",
        ["follows"],
        unique=False,
        postgresql_where="follows IS NOT NULL",
    )
    op.create_index(
        "ix_supervision_units", "supervision", ["units"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "uq_supervision_live",
        "supervision",
        ["cause", "cause_id", "kind", "addressee"],
        unique=True,
        postgresql_where="cause_id IS NOT NULL AND status NOT IN ('closed', 'lifted', 'withdrawn')",
    )
    op.create_table(
        "supervision_counter",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "kind", "year", name=op.f("pk_supervision_counter")),
    )


def _answers() -> None:
    op.create_table(
        "supervision_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supervision_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "five", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["supervision_id"],
            ["supervision.id"],
            name=op.f("fk_supervision_answer_supervision_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_answer")),
    )
    op.create_index(
        "uq_supervision_answer_round",
        "supervision_answer",
        ["supervision_id", "round"],
        unique=True,
    )
    op.create_table(
        "supervision_commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supervision_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["supervision_id"],
            ["supervision.id"],
            name=op.f("fk_supervision_commitment_supervision_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_commitment")),
    )
    op.create_index(
        "ix_supervision_commitment_supervision_id",
        "supervision_commitment",
        ["supervision_id"],
        unique=False,
    )


def _parts() -> None:
    op.create_table(
        "supervision_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supervision_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["supervision_id"], ["supervision.id"], name=op.f("fk_supervision_entry_supervision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_entry")),
        info={"append_only": True},
    )
    op.create_index(
        "ix_supervision_entry_supervision_id",
        "supervision_entry",
        ["supervision_id", "id"],
        unique=False,
    )
    op.create_table(
        "supervision_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supervision_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["supervision_id"],
            ["supervision.id"],
            name=op.f("fk_supervision_extension_supervision_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_extension")),
    )
    op.create_index(
        "ix_supervision_extension_supervision_id",
        "supervision_extension",
        ["supervision_id"],
        unique=False,
    )
    op.create_index(
        "uq_supervision_extension_asked",
        "supervision_extension",
        ["supervision_id"],
        unique=True,
        postgresql_where="status = 'asked'",
    )
    op.create_table(
        "supervision_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supervision_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("handed_in_by", sa.Text(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["supervision_id"], ["supervision.id"], name=op.f("fk_supervision_file_supervision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_file")),
        sa.UniqueConstraint(
            "supervision_id", "sha256", name=op.f("uq_supervision_file_supervision_id_sha256")
        ),
        info={"append_only": True},
    )
    op.create_table(
        "supervision_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("supervision_id", sa.Uuid(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["supervision_id"],
            ["supervision.id"],
            name=op.f("fk_supervision_receipt_supervision_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_receipt")),
    )
    op.create_index(
        "ix_supervision_receipt_addressee", "supervision_receipt", ["addressee"], unique=False
    )
    op.create_index(
        "ix_supervision_receipt_supervision_id",
        "supervision_receipt",
        ["supervision_id"],
        unique=False,
    )


def downgrade() -> None:
    """Take the step back."""
    for part in _PARTS:
        op.drop_table(f"supervision_{part}")
    op.drop_table("supervision_counter")
    op.drop_table("supervision")
