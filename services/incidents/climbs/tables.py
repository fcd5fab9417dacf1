"""Who was entrusted with an investigation, why one climbed or stayed, and which list it is on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Delegation(Placed, Base):
    """That a holder entrusted a unit, or the enterprise; the newest counts. Never changed."""

    __tablename__ = "delegation"
    __table_args__ = (
        Index("ix_delegation_accident_id", "accident_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    generation: Mapped[int]
    by_unit: Mapped[str]
    to: Mapped[str]
    """A unit, or the credit code of the enterprise where it happened."""
    rule: Mapped[str]
    reason: Mapped[str]
    document: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]


class Climb(Placed, Base):
    """What was decided on a ground for taking the case up, with the reason. Never changed."""

    __tablename__ = "climb"
    __table_args__ = (
        Index("ix_climb_accident_id", "accident_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    generation: Mapped[int]
    ground: Mapped[str]
    rule: Mapped[str]
    taken: Mapped[bool]
    reason: Mapped[str]
    from_level: Mapped[str]
    to_level: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]
    unit: Mapped[str | None]


class Listing(Placed, Base):
    """That a higher list supervises an investigation, with what it asks and by when."""

    __tablename__ = "supervision"

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str]
    unit: Mapped[str]
    notice: Mapped[str]
    matters: Mapped[str]
    """What is to be done, and how the supervision is lifted."""
    notified_on: Mapped[date]
    due_at: Mapped[datetime]
    rule: Mapped[str]
    listed_at: Mapped[datetime]
    listed_by: Mapped[str]
    consented_at: Mapped[datetime | None]
    """When the list's office agreed to the draft report."""
    consented_by: Mapped[str | None]
    consented_to: Mapped[int | None]
    """The number of the hand-in that was agreed to; a report that was returned comes as another."""
    opinion: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    overdue_at: Mapped[datetime | None]

    def agrees_to(self, number: int) -> bool:
        """Whether the list agreed to that hand-in; an agreement from before was to the case."""
        return self.consented_at is not None and self.consented_to in (None, number)
