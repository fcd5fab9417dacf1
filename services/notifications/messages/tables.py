"""What was said, and what became of it for each recipient on each channel."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.db import Id
from services.notifications.base import Base


class Message(Base):
    """The words of one message, kept as they were sent."""

    __tablename__ = "message"

    message_id: Mapped[Id]
    event_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    """The subject of the event that it tells of, without the version."""
    origin: Mapped[str] = mapped_column(index=True)
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    """The enterprise it is sent to; None when it goes to units."""
    units: Mapped[list[str]]
    """Every unit that it may come to reach."""
    grade: Mapped[str | None]
    subject_zh: Mapped[str]
    subject_en: Mapped[str]
    body_zh: Mapped[str]
    body_en: Mapped[str]
    told_at: Mapped[datetime]


class Delivery(Base):
    """One recipient on one channel. An inbox row is itself the delivery; others are queued."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "channel", "recipient"),
        Index(
            "ix_delivery_inbox_unit", "unit", "delivery_id", postgresql_where="channel = 'inbox'"
        ),
        Index(
            "ix_delivery_inbox_enterprise",
            "enterprise_uscc",
            "delivery_id",
            postgresql_where="channel = 'inbox' AND enterprise_uscc IS NOT NULL",
        ),
        Index("ix_delivery_queued", "channel", "attempt_at", postgresql_where="status = 'queued'"),
    )

    delivery_id: Mapped[Id]
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.message_id"))
    channel: Mapped[str]
    recipient: Mapped[str]
    """The code that was to be told: of a post, a unit or an enterprise."""
    unit: Mapped[str | None]
    post: Mapped[str | None]
    enterprise_uscc: Mapped[str | None]
    region_code: Mapped[str]
    """Where the recipient stands, which may be elsewhere than what it is told of."""
    address: Mapped[str | None]
    status: Mapped[str]
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    attempt_at: Mapped[datetime | None]
    """When to try again; none until an attempt failed."""
    sent_at: Mapped[datetime | None]
    alarm_id: Mapped[UUID | None] = mapped_column(index=True)
    step: Mapped[int | None]
    acknowledge_by: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]

    message: Mapped[Message] = relationship(lazy="raise")
