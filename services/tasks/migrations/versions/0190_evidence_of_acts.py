"""Evidence says when, where and what; its files, prints, flags and questions; and appeals."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from kernel.isolation import protect

revision = "0190"
down_revision = "0180"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NEW = ("evidence_file", "evidence_flag", "evidence_question", "evidence_print", "evidence_mark")


def upgrade() -> None:
    """Bring the tables forward."""
    _evidence()
    _files()
    _flags()
    _questions()
    _prints()
    _appeals()
    for table in (*NEW, "appeal"):
        for statement in protect(table, holder="enterprise_uscc"):
            op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("appeal")
    for table in reversed(NEW):
        op.drop_table(table)
    for name in ("ix_evidence_held", "ix_evidence_submitted_at", "ix_evidence_subject"):
        op.drop_index(name, table_name="evidence")
    for column in reversed(_columns()):
        op.drop_column("evidence", column.name)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="document", nullable=False),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("happened_at", INSTANT, nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("attending", sa.Integer(), nullable=True),
        sa.Column("held_with", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("reviewed_from", sa.Text(), nullable=True),
        sa.Column("uncounted", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
    ]


def _evidence() -> None:
    for column in _columns():
        op.add_column("evidence", column)
    # Whoever migrates owns the tables and is held to their policies all the same.
    for table in ("evidence", "obligation"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE evidence SET state = coalesce(verdict, 'waiting'), subject ="
        " (SELECT subject FROM obligation WHERE obligation.id = evidence.obligation_id)"
    )
    op.execute(
        "UPDATE obligation SET credited = held.credited, waiting = held.waiting FROM"
        " (SELECT obligation_id, count(*) FILTER (WHERE state = 'accepted') AS credited,"
        " count(*) FILTER (WHERE state = 'waiting') AS waiting"
        " FROM evidence GROUP BY obligation_id) AS held WHERE held.obligation_id = obligation.id"
    )
    for table in ("evidence", "obligation"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for name in ("subject", "state"):
        op.alter_column("evidence", name, nullable=False)
    op.create_index("ix_evidence_subject", "evidence", ["subject", "happened_at"])
    op.create_index("ix_evidence_submitted_at", "evidence", ["submitted_at", "id"])
    op.create_index(
        "ix_evidence_held",
        "evidence",
        ["submitted_at", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _placed() -> list[sa.Column[Any]]:
    return [
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
    ]


def _of(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{table}_{column}")


def _files() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        *_placed(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("picture", sa.Text(), nullable=True),
        sa.Column("words", sa.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_file"),
        _of("evidence_file", "obligation_id", "obligation"),
        _of("evidence_file", "evidence_id", "evidence"),
    )
    op.create_index("ix_evidence_file_obligation_id", "evidence_file", ["obligation_id"])
    op.create_index("ix_evidence_file_evidence_id", "evidence_file", ["evidence_id"])


def _flags() -> None:
    op.create_table(
        "evidence_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        *_placed(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason_zh", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("contradicts", sa.Uuid(), nullable=True),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_flag"),
        _of("evidence_flag", "evidence_id", "evidence"),
    )
    op.create_index("ix_evidence_flag_evidence_id", "evidence_flag", ["evidence_id"])


def _questions() -> None:
    op.create_table(
        "evidence_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        *_placed(),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_question"),
        _of("evidence_question", "evidence_id", "evidence"),
    )
    op.create_index("ix_evidence_question_evidence_id", "evidence_question", ["evidence_id"])


def _prints() -> None:
    op.create_table(
        "evidence_print",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        *_placed(),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("orders", sa.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_print"),
    )
    op.create_index("ix_evidence_print_evidence_id", "evidence_print", ["evidence_id"])
    op.create_table(
        "evidence_mark",
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("print_id", sa.Uuid(), nullable=False),
        *_placed(),
        sa.PrimaryKeyConstraint("mark", "print_id", name="pk_evidence_mark"),
        _of("evidence_mark", "print_id", "evidence_print"),
    )


def _appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        *_placed(),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stood", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_before", INSTANT, nullable=False),
        sa.Column("due_after", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("obligation_id", name="uq_appeal_obligation_id"),
        _of("appeal", "obligation_id", "obligation"),
    )
