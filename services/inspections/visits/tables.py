"""Visits: who has to inspect what, why, and by when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from kernel.db import Id
from services.inspections.base import Base


class Visit(Base):
    """An inspection that was ordered."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("origin", "kind"),
        Index("ix_visit_region_code", "region_code", "due_on", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    status: Mapped[str]
    origin: Mapped[UUID]
    """What it was ordered for: an accident's id."""
    uscc: Mapped[str | None]
    region_code: Mapped[str]
    unit: Mapped[str]
    rule: Mapped[str]
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    result: Mapped[str | None]

    @property
    def enterprise_uscc(self) -> str | None:
        """The enterprise visited, to the policy table."""
        return self.uscc
