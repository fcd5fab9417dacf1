"""Pairs of orders that look like one matter, and what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.orders.tables import Order


class OrderRepeat(Base):
    """Two orders that look like one matter."""

    __tablename__ = "work_order_repeat"
    __table_args__ = (
        UniqueConstraint("order_id", "other_id"),
        Index("ix_work_order_repeat_other_id", "other_id"),
        Index("ix_work_order_repeat_found_at", "found_at", "id"),
    )

    id: Mapped[Id]
    region_code: Mapped[str]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    """The later one."""
    other_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    """The earlier one, as which both go on once they are merged."""
    score: Mapped[int]
    reasons: Mapped[list[str]]
    status: Mapped[str]
    found_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    why: Mapped[str | None]
