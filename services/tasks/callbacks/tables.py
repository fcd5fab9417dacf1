"""Return visits, as they were made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.tasks.base import Base
from services.tasks.orders.tables import Order


class Callback(Base):
    """One return visit. Never changed."""

    __tablename__ = "callback"
    __table_args__ = (
        Index("ix_callback_order_id", "order_id", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    region_code: Mapped[str]
    units: Mapped[list[str]]
    unit: Mapped[str | None]
    """The unit whose answer was judged; None of an answer of the desk."""
    round: Mapped[int]
    result: Mapped[str]
    note: Mapped[str | None] = mapped_column(EncryptedText("callback.note"))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    redone: Mapped[bool]
    """Whether it is handled again because of it."""
