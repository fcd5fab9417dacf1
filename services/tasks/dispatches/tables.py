"""The parts of orders that units hold or held."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from reference.terms import OrderClass
from services.tasks.base import Base
from services.tasks.dispatches.domain import DispatchStatus, Part
from services.tasks.orders.tables import Order


class Dispatch(Base):
    """One unit's part of one order in one round. A further round is a row of its own."""

    __tablename__ = "dispatch"
    __table_args__ = (
        Index("ix_dispatch_order_id", "order_id", "id"),
        Index("ix_dispatch_unit", "unit", "due_at", "id"),
        Index("ix_dispatch_sent_at", "sent_at", "id"),
        # What waits for somebody is few among all there ever was: digests and feeds read that.
        Index(
            "ix_dispatch_owed",
            "unit",
            "due_at",
            postgresql_where="status IN ('sent', 'signed', 'handling')",
        ),
        Index(
            "ix_dispatch_decider",
            "decider",
            "decision_due_at",
            postgresql_where="status = 'returning'",
        ),
        Index(
            "uq_dispatch_live_lead",
            "order_id",
            unique=True,
            postgresql_where="part = 'lead' AND status IN"
            " ('sent', 'signed', 'handling', 'returning', 'disputed')",
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    region_code: Mapped[str]
    units: Mapped[list[str]]
    """Units that see it: every one with a part of the order, so that each can count them."""
    unit: Mapped[str]
    part: Mapped[str]
    status: Mapped[str]
    round: Mapped[int]
    order_class: Mapped[str]
    matter: Mapped[str]
    proposed: Mapped[bool]
    """Whether it is the unit that the catalogue had proposed first."""
    arbitrated: Mapped[bool]
    """Whether it holds it by decision: then it is neither returned nor objected to."""
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]
    sign_due_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    sign_overdue_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    rule: Mapped[str]
    """The row its time to handle it was taken from."""
    overdue_at: Mapped[datetime | None]
    delayed_by: Mapped[list[str] | None]
    """Whose delay it was when the time was up."""
    return_due_at: Mapped[datetime]
    return_reason: Mapped[str | None]
    return_note: Mapped[str | None] = mapped_column(EncryptedText("dispatch.return_note"))
    returned_at: Mapped[datetime | None]
    decider: Mapped[str | None]
    """Whose turn it is to decide on its return, as far as is known; kept once it is decided."""
    decision_due_at: Mapped[datetime | None]
    """By when they have to."""
    refused_at: Mapped[datetime | None]
    """When its return was refused."""
    extended: Mapped[int]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(EncryptedText("dispatch.answer"))
    ended_at: Mapped[datetime | None]

    @property
    def stands(self) -> DispatchStatus:
        """Where it stands."""
        return DispatchStatus(self.status)

    @property
    def leads(self) -> bool:
        """Whether the unit answers for the whole order."""
        return self.part == Part.LEAD

    @property
    def of_class(self) -> OrderClass:
        """Whose clocks it has."""
        return OrderClass(self.order_class)
