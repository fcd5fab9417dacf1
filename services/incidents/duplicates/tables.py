"""Pairs of accidents that look like one, and what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.duplicates.domain import Status


class Likeness(Placed, Base):
    """Two accidents that look like one. Enterprises do not see it."""

    __tablename__ = "likeness"
    __table_args__ = (
        UniqueConstraint("accident_id", "other_id"),
        Index("ix_likeness_other_id", "other_id"),
        Index("ix_likeness_open", "region_code", postgresql_where="status = 'offered'"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    """The later one."""
    other_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    """The earlier one."""
    score: Mapped[int]
    reasons: Mapped[list[str]]
    status: Mapped[str]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    unit: Mapped[str | None]
    why: Mapped[str | None]
    kept_id: Mapped[UUID | None]
    """The accident that went on, once merged."""

    @property
    def stands(self) -> Status:
        """Its state."""
        return Status(self.status)
