"""Requests for more time, and what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.tasks.base import Base
from services.tasks.dispatches.tables import Dispatch


class OrderExtension(Base):
    """A request of the unit that leads for more time."""

    __tablename__ = "work_order_extension"
    __table_args__ = (
        Index(
            "uq_work_order_extension_asked",
            "dispatch_id",
            unique=True,
            postgresql_where="status = 'asked'",
        ),
        Index("ix_work_order_extension_order_id", "order_id"),
        Index(
            "ix_work_order_extension_decider",
            "decider",
            "decision_due_at",
            postgresql_where="status = 'asked'",
        ),
    )

    id: Mapped[Id]
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey(Dispatch.id))
    order_id: Mapped[UUID]
    region_code: Mapped[str]
    units: Mapped[list[str]]
    unit: Mapped[str]
    status: Mapped[str]
    days: Mapped[int]
    """As its row counts: working days, or calendar days for reports of violations."""
    reason: Mapped[str] = mapped_column(EncryptedText("work_order_extension.reason"))
    due_before: Mapped[datetime]
    due_after: Mapped[datetime | None]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decider: Mapped[str | None]
    """Whose turn it is to decide, as far as is known; kept once it is decided."""
    decision_due_at: Mapped[datetime | None]
    """By when they have to."""
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]
