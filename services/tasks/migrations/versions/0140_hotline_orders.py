"""Hotline orders, the parts that units hold, and the catalogue they are sent by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel.isolation import protect

revision = "0140"
down_revision = "0120"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXTS = sa.ARRAY(sa.Text())
JSONB = postgresql.JSONB(astext_type=sa.Text())

# No table has a holder: enterprises have no part in orders. Units see what they hold wherever
# it stands. The catalogue is read whole by whoever may read it.
_ISOLATED = (
    *protect("caller"),
    *protect("caller_reveal"),
    *protect("caller_look"),
    *protect("work_order", units="units"),
    *protect("work_order_entry", units="units"),
    *protect("dispatch", units="units"),
    *protect("objection", units="units"),
    *protect("work_order_extension", units="units"),
    *protect("callback", units="units"),
    *protect("work_order_repeat"),
)


def upgrade() -> None:
    """Bring the tables forward."""
    _callers()
    _orders()
    _entries()
    _dispatches()
    _objections()
    _extensions()
    _callbacks()
    _repeats()
    _catalogue()
    for statement in _ISOLATED:
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("catalogue_lesson")
    op.drop_table("catalogue_line")
    op.drop_table("work_order_repeat")
    op.drop_table("callback")
    op.drop_table("work_order_extension")
    op.drop_table("objection")
    op.drop_table("dispatch")
    op.drop_table("work_order_entry")
    op.drop_table("work_order")
    op.drop_table("caller_look")
    op.drop_table("caller_reveal")
    op.drop_table("caller")


def _callers() -> None:
    op.create_table(
        "caller",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("same", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller")),
    )
    op.create_index("ix_caller_same", "caller", ["same"], unique=False)
    op.create_table(
        "caller_reveal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["caller.id"], name=op.f("fk_caller_reveal_caller_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_reveal")),
    )
    op.create_index("ix_caller_reveal_caller_id", "caller_reveal", ["caller_id"], unique=False)
    op.create_table(
        "caller_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("looked_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("in_full", sa.Boolean(), nullable=False),
        sa.Column("reveal_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["caller.id"], name=op.f("fk_caller_look_caller_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_look")),
    )
    op.create_index("ix_caller_look_caller_id", "caller_look", ["caller_id", "id"], unique=False)


def _orders() -> None:
    op.create_table(
        "work_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("hotline", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_class", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("units", TEXTS, nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=True),
        sa.Column("caller_id", sa.Uuid(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("proposal", JSONB, nullable=False),
        sa.Column("dispatch_due_at", INSTANT, nullable=False),
        sa.Column("dispatch_overdue_at", INSTANT, nullable=True),
        sa.Column("dispatched_at", INSTANT, nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("redone", sa.Integer(), nullable=False),
        sa.Column("urged", sa.Integer(), nullable=False),
        sa.Column("hazard_told_at", INSTANT, nullable=True),
        sa.Column("deaths_alleged", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("callback_due_at", INSTANT, nullable=True),
        sa.Column("callback_overdue_at", INSTANT, nullable=True),
        sa.Column("visited_at", INSTANT, nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["caller_id"], ["caller.id"], name=op.f("fk_work_order_caller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("hotline", "number", name=op.f("uq_work_order_hotline_number")),
    )
    op.create_index(
        "ix_work_order_lead_id",
        "work_order",
        ["lead_id"],
        unique=False,
        postgresql_where="lead_id IS NOT NULL",
    )
    op.create_index(
        "ix_work_order_matter", "work_order", ["region_code", "matter", "received_at"], unique=False
    )
    op.create_index(
        "ix_work_order_merged_into",
        "work_order",
        ["merged_into"],
        unique=False,
        postgresql_where="merged_into IS NOT NULL",
    )
    op.create_index("ix_work_order_received_at", "work_order", ["received_at", "id"], unique=False)
    op.create_index(
        "ix_work_order_units", "work_order", ["units"], unique=False, postgresql_using="gin"
    )


def _entries() -> None:
    op.create_table(
        "work_order_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", TEXTS, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("detail", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_order.id"], name=op.f("fk_work_order_entry_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_entry")),
    )
    op.create_index(
        "ix_work_order_entry_order_id", "work_order_entry", ["order_id", "id"], unique=False
    )


def _dispatches() -> None:
    op.create_table(
        "dispatch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", TEXTS, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("order_class", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.Column("arbitrated", sa.Boolean(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sign_due_at", INSTANT, nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.Column("sign_overdue_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("overdue_at", INSTANT, nullable=True),
        sa.Column("delayed_by", TEXTS, nullable=True),
        sa.Column("return_due_at", INSTANT, nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("return_note", sa.LargeBinary(), nullable=True),
        sa.Column("returned_at", INSTANT, nullable=True),
        sa.Column("refused_at", INSTANT, nullable=True),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_dispatch_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
    )
    op.create_index("ix_dispatch_order_id", "dispatch", ["order_id", "id"], unique=False)
    op.create_index("ix_dispatch_sent_at", "dispatch", ["sent_at", "id"], unique=False)
    op.create_index("ix_dispatch_unit", "dispatch", ["unit", "due_at", "id"], unique=False)
    op.create_index(
        "uq_dispatch_live_lead",
        "dispatch",
        ["order_id"],
        unique=True,
        postgresql_where="part = 'lead' AND status IN"
        " ('sent', 'signed', 'handling', 'returning', 'disputed')",
    )


def _objections() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", TEXTS, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("grounds", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.Column("replied_by", sa.Text(), nullable=True),
        sa.Column("replied_at", INSTANT, nullable=True),
        sa.Column("assigned", sa.Text(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_objection_dispatch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index("ix_objection_dispatch_id", "objection", ["dispatch_id"], unique=False)
    op.create_index("ix_objection_made_at", "objection", ["made_at", "id"], unique=False)


def _extensions() -> None:
    op.create_table(
        "work_order_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", TEXTS, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("due_before", INSTANT, nullable=False),
        sa.Column("due_after", INSTANT, nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatch.id"], name=op.f("fk_work_order_extension_dispatch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_extension")),
    )
    op.create_index(
        "ix_work_order_extension_order_id", "work_order_extension", ["order_id"], unique=False
    )
    op.create_index(
        "uq_work_order_extension_asked",
        "work_order_extension",
        ["dispatch_id"],
        unique=True,
        postgresql_where="status = 'asked'",
    )


def _callbacks() -> None:
    op.create_table(
        "callback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("units", TEXTS, nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("redone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_callback_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    op.create_index("ix_callback_order_id", "callback", ["order_id", "id"], unique=False)


def _repeats() -> None:
    op.create_table(
        "work_order_repeat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", TEXTS, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_order.id"], name=op.f("fk_work_order_repeat_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["work_order.id"], name=op.f("fk_work_order_repeat_other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_repeat")),
        sa.UniqueConstraint(
            "order_id", "other_id", name=op.f("uq_work_order_repeat_order_id_other_id")
        ),
    )
    op.create_index(
        "ix_work_order_repeat_found_at", "work_order_repeat", ["found_at", "id"], unique=False
    )
    op.create_index(
        "ix_work_order_repeat_other_id", "work_order_repeat", ["other_id"], unique=False
    )


def _catalogue() -> None:
    op.create_table(
        "catalogue_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("supporting", TEXTS, nullable=False),
        sa.Column("same_as", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_line")),
    )
    op.create_index(
        "uq_catalogue_line_current",
        "catalogue_line",
        ["matter", "region"],
        unique=True,
        postgresql_where="effective_to IS NULL",
    )
    op.create_table(
        "catalogue_lesson",
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("learnt_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("dispatch_id", "lesson", name=op.f("pk_catalogue_lesson")),
    )
    op.create_index(
        "ix_catalogue_lesson_matter",
        "catalogue_lesson",
        ["matter", "region", "learnt_at"],
        unique=False,
    )
