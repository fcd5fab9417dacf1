"""What units of accidents must tell higher levels themselves, and who said that they did."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.directreports.domain import DirectReportStatus
from services.incidents.directreports.rules import Since


class DirectReport(Placed, Base):
    """That the unit of an accident itself must tell `to_unit`, at `level`, by `due_at`."""

    __tablename__ = "direct_report"
    __table_args__ = (
        UniqueConstraint("accident_id", "level"),
        Index("ix_direct_report_owed", "due_at", postgresql_where="status = 'owed'"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    level: Mapped[str]
    desk: Mapped[str]
    """The desk that took the report: a unit without an account lets it say that it told."""
    to_unit: Mapped[str]
    status: Mapped[str]
    opened_at: Mapped[datetime]
    known_at: Mapped[datetime | None]
    """When the unit's head was told of the accident, as corrected; before that it told nobody."""
    since: Mapped[str]
    counted_from: Mapped[datetime]
    due_at: Mapped[datetime]
    rule: Mapped[str]
    told_at: Mapped[datetime | None]
    """When the unit told the level, as stated: it is late or not by this."""
    recorded_at: Mapped[datetime | None]
    told_by: Mapped[str | None]
    """Whose word it is that the unit told the level."""
    told_by_unit: Mapped[str | None]
    """Their unit; None where the enterprise itself says so."""
    receipt: Mapped[str | None]
    """Who took it there."""
    late: Mapped[bool]
    overdue_at: Mapped[datetime | None]
    """When it was found overdue: a mark that stays, unless the hour turns out to end later."""
    closed_at: Mapped[datetime | None]
    """When the accident went on as another one: nobody has to tell of this one any more."""

    @property
    def units(self) -> Sequence[str]:
        """The desk that took the report, and the one that the unit tells."""
        return (self.desk, self.to_unit)

    @property
    def stands(self) -> DirectReportStatus:
        """Its state."""
        return DirectReportStatus(self.status)

    @property
    def counts_since(self) -> Since:
        """From what its hour is counted."""
        return Since(self.since)
