"""Orders as they stand, and every step that was taken with them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from reference.terms import OrderClass
from services.tasks.base import Base
from services.tasks.callers.tables import Caller
from services.tasks.orders.domain import OrderStatus


class Order(Base):
    """What a caller asked a hotline for. It has no holder: enterprises never see it."""

    __tablename__ = "work_order"
    __table_args__ = (
        UniqueConstraint("hotline", "number"),
        Index("ix_work_order_received_at", "received_at", "id"),
        Index("ix_work_order_matter", "region_code", "matter", "received_at"),
        Index("ix_work_order_units", "units", postgresql_using="gin"),
        Index("ix_work_order_lead_id", "lead_id", postgresql_where="lead_id IS NOT NULL"),
        Index(
            "ix_work_order_merged_into", "merged_into", postgresql_where="merged_into IS NOT NULL"
        ),
        # What a desk owes is few among all that it ever took: digests and feeds read only that.
        Index(
            "ix_work_order_undispatched",
            "unit",
            "dispatch_due_at",
            postgresql_where="status = 'received'",
        ),
        Index(
            "ix_work_order_unvisited",
            "unit",
            "callback_due_at",
            postgresql_where="status = 'answered'",
        ),
    )

    id: Mapped[Id]
    region_code: Mapped[str]
    hotline: Mapped[str]
    number: Mapped[str]
    """The hotline's own number of it: sent again, it is the same order."""
    order_class: Mapped[str]
    matter: Mapped[str]
    status: Mapped[str]
    unit: Mapped[str]
    """The desk that took it, and is alarmed while nobody holds it."""
    units: Mapped[list[str]]
    """The units that hold a part of it, and see it wherever it stands."""
    lead: Mapped[str | None]
    enterprise_uscc: Mapped[str | None]
    place: Mapped[str] = mapped_column(EncryptedText("work_order.place"))
    """In words. It may be somebody's home."""
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    account: Mapped[str] = mapped_column(EncryptedText("work_order.account"))
    """What was told, in words: people are named in such texts."""
    happened_at: Mapped[datetime | None]
    caller_id: Mapped[UUID | None] = mapped_column(ForeignKey(Caller.id))
    named: Mapped[bool]
    """Whether the caller gave a name and how to be reached (实名)."""
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    proposal: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What the catalogue proposed when it came, with its reasons."""
    dispatch_due_at: Mapped[datetime]
    dispatch_overdue_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    returns: Mapped[int]
    """How many returns were accepted."""
    redone: Mapped[int]
    urged: Mapped[int]
    hazard_told_at: Mapped[datetime | None]
    deaths_alleged: Mapped[int]
    lead_id: Mapped[UUID | None]
    """The sign of a concealed accident that incidents checks."""
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(EncryptedText("work_order.answer"))
    verified: Mapped[bool | None]
    """Whether what was told proved true; None where there was nothing to verify."""
    callback_due_at: Mapped[datetime | None]
    callback_overdue_at: Mapped[datetime | None]
    visited_at: Mapped[datetime | None]
    satisfied: Mapped[bool | None]
    merged_into: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]

    @property
    def stands(self) -> OrderStatus:
        """Where it stands."""
        return OrderStatus(self.status)

    @property
    def of_class(self) -> OrderClass:
        """Whose clocks it has."""
        return OrderClass(self.order_class)


class OrderEntry(Base):
    """One step taken with an order. Never changed."""

    __tablename__ = "work_order_entry"
    __table_args__ = (
        Index("ix_work_order_entry_order_id", "order_id", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    region_code: Mapped[str]
    units: Mapped[list[str]]
    at: Mapped[datetime]
    action: Mapped[str]
    status: Mapped[str]
    made_by: Mapped[str]
    unit: Mapped[str | None]
    """The unit of whoever took the step."""
    note: Mapped[str | None] = mapped_column(EncryptedText("work_order_entry.note"))
    detail: Mapped[dict[str, Any]]
