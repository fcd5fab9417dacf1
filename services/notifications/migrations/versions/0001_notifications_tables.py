"""notifications tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kernel import isolation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "alarm",
        sa.Column("alarm_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("chain", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("called", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answered", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("alarm_id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("event_id", "route", name=op.f("uq_alarm_event_id_route")),
    )
    op.create_index(op.f("ix_alarm_origin"), "alarm", ["origin"], unique=False)
    op.create_table(
        "endpoint",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("subjects", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("networks", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_endpoint")),
        sa.UniqueConstraint("region_code", "name", name=op.f("uq_endpoint_region_code_name")),
    )
    op.create_table(
        "known_enterprise",
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uscc", name=op.f("pk_known_enterprise")),
    )
    op.create_table(
        "known_unit",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_known_unit")),
    )
    op.create_table(
        "message",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("units", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("subject_zh", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.Text(), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_event_id"), "message", ["event_id"], unique=False)
    op.create_index(op.f("ix_message_origin"), "message", ["origin"], unique=False)
    op.create_table(
        "call",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["endpoint.endpoint_id"], name=op.f("fk_call_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call")),
        sa.UniqueConstraint("endpoint_id", "event_id", name=op.f("uq_call_endpoint_id_event_id")),
        sa.UniqueConstraint("position", name=op.f("uq_call_position")),
    )
    op.create_index(
        "ix_call_queued",
        "call",
        ["endpoint_id", "aggregate_id", "position"],
        unique=False,
        postgresql_where="status = 'queued'",
    )
    op.create_index("ix_call_told", "call", ["endpoint_id", "told_at"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("enterprise_uscc", sa.Text(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarm_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("acknowledge_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.message_id"], name=op.f("fk_delivery_message_id")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "message_id",
            "channel",
            "recipient",
            name=op.f("uq_delivery_message_id_channel_recipient"),
        ),
    )
    op.create_index(op.f("ix_delivery_alarm_id"), "delivery", ["alarm_id"], unique=False)
    op.create_index(
        "ix_delivery_inbox_enterprise",
        "delivery",
        ["enterprise_uscc", "delivery_id"],
        unique=False,
        postgresql_where="channel = 'inbox' AND enterprise_uscc IS NOT NULL",
    )
    op.create_index(
        "ix_delivery_inbox_unit",
        "delivery",
        ["unit", "delivery_id"],
        unique=False,
        postgresql_where="channel = 'inbox'",
    )
    op.create_index(
        "ix_delivery_queued",
        "delivery",
        ["channel", "attempt_at"],
        unique=False,
        postgresql_where="status = 'queued'",
    )
    op.create_table(
        "known_post",
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["known_unit.unit"], name=op.f("fk_known_post_unit")),
        sa.PrimaryKeyConstraint("post", name=op.f("pk_known_post")),
    )
    op.create_index(op.f("ix_known_post_unit"), "known_post", ["unit"], unique=False)
    for statement in (
        *isolation.protect("message", holder="enterprise_uscc", units="units"),
        *isolation.protect("delivery", holder="enterprise_uscc", units="ARRAY[unit]"),
        *isolation.protect("alarm", holder="enterprise_uscc", units="units"),
        *isolation.protect("endpoint"),
        *isolation.protect("call"),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(op.f("ix_known_post_unit"), table_name="known_post")
    op.drop_table("known_post")
    op.drop_index("ix_delivery_queued", table_name="delivery", postgresql_where="status = 'queued'")
    op.drop_index(
        "ix_delivery_inbox_unit", table_name="delivery", postgresql_where="channel = 'inbox'"
    )
    op.drop_index(
        "ix_delivery_inbox_enterprise",
        table_name="delivery",
        postgresql_where="channel = 'inbox' AND enterprise_uscc IS NOT NULL",
    )
    op.drop_index(op.f("ix_delivery_alarm_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index("ix_call_told", table_name="call")
    op.drop_index("ix_call_queued", table_name="call", postgresql_where="status = 'queued'")
    op.drop_table("call")
    op.drop_index(op.f("ix_message_origin"), table_name="message")
    op.drop_index(op.f("ix_message_event_id"), table_name="message")
    op.drop_table("message")
    op.drop_table("known_unit")
    op.drop_table("known_enterprise")
    op.drop_table("endpoint")
    op.drop_index(op.f("ix_alarm_origin"), table_name="alarm")
    op.drop_table("alarm")
