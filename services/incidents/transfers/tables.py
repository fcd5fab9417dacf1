"""Transfers and every step they took. Hidden from enterprises."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.transfers.domain import TransferStatus


class Transfer(Placed, Base):
    """A matter that another organ must take up."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_accident_id", "accident_id"),
        Index("ix_transfer_region_code", "region_code", "proposed_at", "id"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    addressee: Mapped[str]
    unit: Mapped[str]
    """The unit that transfers."""
    officers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """The members of the team who look into it."""
    matter: Mapped[str]
    """What is suspected, without names."""
    status: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str]
    since: Mapped[datetime]
    """When the present state began."""
    due_at: Mapped[datetime | None]
    rule: Mapped[str | None]
    overdue_at: Mapped[datetime | None]

    @property
    def stands(self) -> TransferStatus:
        """Its state."""
        return TransferStatus(self.status)


class TransferStep(Placed, Base):
    """One action on a transfer, with the clock it met or missed. Never changed."""

    __tablename__ = "transfer_step"
    __table_args__ = ({"info": {"append_only": True}},)

    transfer_id: Mapped[UUID] = mapped_column(ForeignKey(Transfer.id), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    due_at: Mapped[datetime | None]
    late_by_seconds: Mapped[int]
    reference: Mapped[str | None]
    """The number of the document or receipt."""
    note: Mapped[str | None]
