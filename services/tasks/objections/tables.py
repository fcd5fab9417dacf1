"""Objections, what the unit that was named said, and what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.tasks.base import Base
from services.tasks.dispatches.tables import Dispatch
from services.tasks.objections.domain import WAITING


class Objection(Base):
    """A unit says that another one has to handle what it was sent."""

    __tablename__ = "objection"
    __table_args__ = (
        Index("ix_objection_dispatch_id", "dispatch_id"),
        Index("ix_objection_made_at", "made_at", "id"),
        Index(
            "ix_objection_decider",
            "decider",
            "decision_due_at",
            postgresql_where="status IN ('made', 'replied')",
        ),
    )

    id: Mapped[Id]
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey(Dispatch.id))
    order_id: Mapped[UUID]
    region_code: Mapped[str]
    units: Mapped[list[str]]
    """The two units between which it is."""
    unit: Mapped[str]
    named: Mapped[str]
    """The unit that has to handle it, says this one."""
    matter: Mapped[str]
    status: Mapped[str]
    grounds: Mapped[str] = mapped_column(EncryptedText("objection.grounds"))
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    decider: Mapped[str | None]
    """Whose turn it is to decide, as far as is known; kept once it is decided."""
    decision_due_at: Mapped[datetime | None]
    """By when they have to."""
    reply: Mapped[str | None] = mapped_column(EncryptedText("objection.reply"))
    replied_by: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    assigned: Mapped[str | None]
    """The unit that handles it by decision."""
    ruling: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        """Whether it is still to be settled."""
        return self.status in WAITING
