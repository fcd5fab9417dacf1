"""Visits: who has to inspect what, why, and by when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.inspections.base import Base
from services.inspections.visits.domain import VisitSource


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
    """What it was ordered for: the id of an accident or of a hotline order."""
    source: Mapped[str] = mapped_column(server_default=VisitSource.ACCIDENT)
    uscc: Mapped[str | None]
    shown_to: Mapped[str | None]
    """The enterprise, where it may read of the visit: not of one that comes unannounced."""
    matter: Mapped[str | None]
    """What an order is about, by the code that hotlines use."""
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    region_code: Mapped[str]
    unit: Mapped[str]
    rule: Mapped[str]
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    result: Mapped[str | None]

    @property
    def enterprise_uscc(self) -> str | None:
        """The enterprise that reads of it, to the policy table."""
        return self.shown_to
