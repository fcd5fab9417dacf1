"""Hops of reports up the levels, with every stamp they got."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from reference.terms import Level
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.relays.domain import HopStatus
from services.incidents.relays.rules import Means


class Relay(Placed, Base):
    """One hop: `from_unit` must pass the report on to `to_unit`, at `level`, by `due_at`."""

    __tablename__ = "relay"
    __table_args__ = (
        Index("ix_relay_accident_id", "accident_id"),
        Index("ix_relay_open", "from_unit", "due_at", postgresql_where="forwarded_at IS NULL"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    level: Mapped[str]
    from_unit: Mapped[str]
    to_unit: Mapped[str]
    status: Mapped[str]
    means: Mapped[str] = mapped_column(server_default="text")
    """What its deadline asks for: a text, or a telephone call that a text follows."""
    received_at: Mapped[datetime | None]
    """When the sender had the report; None while it waits for it."""
    planned_at: Mapped[datetime]
    """When the report, or a graver grade, asked for it."""
    planned_due_at: Mapped[datetime]
    """As first planned; the clock restarts when the hop before is made."""
    due_at: Mapped[datetime]
    rule: Mapped[str]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    phone_at: Mapped[datetime | None]
    phone_by: Mapped[str | None]
    forwarded_at: Mapped[datetime | None]
    """When the text went out; for a call, when the text reached its level on any way."""
    forwarded_by: Mapped[str | None]
    overdue_at: Mapped[datetime | None]
    """When it was first found overdue: a mark that stays."""
    late: Mapped[bool]
    note: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    """When the accident went on as another one: nobody has to make this hop any more."""

    @property
    def units(self) -> Sequence[str]:
        """The desk whose turn it is."""
        return (self.from_unit,)

    @property
    def owed(self) -> Means:
        """By what it is made in time."""
        return Means(self.means)

    @property
    def made_at(self) -> datetime | None:
        """When what its deadline asks for was done."""
        return self.phone_at if self.owed is Means.PHONE else self.forwarded_at

    @property
    def text_at(self) -> datetime | None:
        """When the text went out."""
        return self.forwarded_at

    @property
    def stands(self) -> HopStatus:
        """Its state."""
        return HopStatus(self.status)

    @property
    def reaches(self) -> Level:
        """The level it reaches."""
        return Level(self.level)
