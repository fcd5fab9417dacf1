"""The entry of each accident in the national statistics, with its two deadlines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.entries.domain import EntryStatus


class Entry(Placed, Base):
    """How far an accident's entry is. Lateness is a mark that stays, not a state."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_opened_at", "opened_at", "accident_id"),)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    status: Mapped[str]
    rule: Mapped[str]
    opened_at: Mapped[datetime]
    """When it became known that there is an accident that counts; both deadlines run from it."""
    enter_by: Mapped[datetime]
    complete_by: Mapped[datetime]
    entered_at: Mapped[datetime | None]
    entered_by: Mapped[str | None]
    entered_late: Mapped[bool]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]
    completed_late: Mapped[bool]

    @property
    def stands(self) -> EntryStatus:
        """Its state."""
        return EntryStatus(self.status)
