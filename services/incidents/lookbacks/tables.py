"""Look-backs, one per published report."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.lookbacks.domain import LookbackStatus


class Lookback(Placed, Base):
    """Whether what was put right after an accident has stayed so."""

    __tablename__ = "lookback"
    __table_args__ = (
        Index("ix_lookback_region_code", "region_code", "due_at", "id"),
        UniqueConstraint("accident_id", "generation"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    generation: Mapped[int] = mapped_column(server_default=text("1"))
    """Of which investigation the report was: a reopened one has the next."""
    unit: Mapped[str]
    """Who looks back: the safety committee of the city."""
    status: Mapped[str]
    rule: Mapped[str]
    due_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    result: Mapped[str | None]
    note: Mapped[str | None]
    made_at: Mapped[datetime | None]
    made_by: Mapped[str | None]

    @property
    def stands(self) -> LookbackStatus:
        """Its state."""
        return LookbackStatus(self.status)
