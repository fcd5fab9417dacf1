"""Whose turn it is to decide and by when; digests of enterprises; what is owed found by its day."""

import sqlalchemy as sa
from alembic import op

from kernel.isolation import EVERYWHERE, protect

revision = "0256"
down_revision = "0255"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

_DECIDED = ("dispatch", "objection", "work_order_extension", "card")

_INDEXES = (
    (
        "ix_work_order_undispatched",
        "work_order",
        ["unit", "dispatch_due_at"],
        "status = 'received'",
    ),
    ("ix_work_order_unvisited", "work_order", ["unit", "callback_due_at"], "status = 'answered'"),
    (
        "ix_dispatch_owed",
        "dispatch",
        ["unit", "due_at"],
        "status IN ('sent', 'signed', 'handling')",
    ),
    ("ix_dispatch_decider", "dispatch", ["decider", "decision_due_at"], "status = 'returning'"),
    (
        "ix_objection_decider",
        "objection",
        ["decider", "decision_due_at"],
        "status IN ('made', 'replied')",
    ),
    (
        "ix_work_order_extension_decider",
        "work_order_extension",
        ["decider", "decision_due_at"],
        "status = 'asked'",
    ),
    (
        "ix_supervision_open",
        "supervision",
        ["addressee", "due_at"],
        "status NOT IN ('closed', 'lifted', 'withdrawn')",
    ),
    ("ix_supervision_judged", "supervision", ["acceptance_due_at"], "status = 'answered'"),
    (
        "ix_supervision_receipt_unsigned",
        "supervision_receipt",
        ["addressee", "due_at"],
        "received_at IS NULL",
    ),
    (
        "ix_obligation_live_enterprise",
        "obligation",
        ["enterprise_uscc", "due_at"],
        "enterprise_uscc IS NOT NULL AND status IN ('open', 'submitted', 'returned')",
    ),
)

# Of what waits already: the desk decides where it is no party to it, else the city's office.
# Whoever it is by then is looked up anew when the clock rings.
_WAITING = """
    UPDATE {table} AS row SET decision_due_at = timer.due_at,
        decider = CASE WHEN {parties} THEN left(o.region_code, 4) || '00.committee_office'
            ELSE o.unit END
    FROM work_order AS o, timer
    WHERE o.id = row.order_id AND row.status = ANY(ARRAY[{waits}]) AND timer.kind = '{clock}'
        AND timer.entity_id = row.id::text AND timer.cancelled_at IS NULL
"""
BACKFILL = (
    _WAITING.format(
        table="dispatch",
        parties="o.unit = row.unit",
        waits="'returning'",
        clock="order_return_decision_due",
    ),
    _WAITING.format(
        table="objection",
        parties="true",
        waits="'made', 'replied'",
        clock="order_arbitration_due",
    ),
    _WAITING.format(
        table="work_order_extension",
        parties="o.unit = ANY(o.units)",
        waits="'asked'",
        clock="order_extension_decision_due",
    ),
    # Ten working days are two weeks; what holidays would add is not counted in an upgrade.
    """
    UPDATE card SET decider = left(region_code, 4) || '00.committee_office',
        decision_due_at = (
            date_trunc('day', coalesce(replied_at, reply_due_at - interval '1 second')
                AT TIME ZONE 'Asia/Shanghai') + interval '15 days'
        ) AT TIME ZONE 'Asia/Shanghai'
    WHERE status = 'replied' OR (status = 'noticed' AND reply_due_at <= now())
    """,
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.execute(EVERYWHERE)
    for table in _DECIDED:
        op.add_column(table, sa.Column("decider", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("decision_due_at", INSTANT, nullable=True))
    for statement in BACKFILL:
        op.execute(statement)
    op.add_column(
        "digest", sa.Column("to_decide", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "enterprise_digest",
        sa.Column("enterprise_uscc", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("enterprise_uscc", name=op.f("pk_enterprise_digest")),
    )
    for statement in protect("enterprise_digest", holder="enterprise_uscc"):
        op.execute(statement)
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, unique=False, postgresql_where=where)


def downgrade() -> None:
    """Take the step back."""
    for name, table, _, where in reversed(_INDEXES):
        op.drop_index(name, table_name=table, postgresql_where=where)
    op.drop_table("enterprise_digest")
    op.drop_column("digest", "to_decide")
    for table in reversed(_DECIDED):
        op.drop_column(table, "decision_due_at")
        op.drop_column(table, "decider")
