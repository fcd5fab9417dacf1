"""Evaluations, one per report of an investigation."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.evaluations.domain import EvaluationStatus


class Evaluation(Placed, Base):
    """Whether what the investigation asked for was carried out."""

    __tablename__ = "evaluation"
    __table_args__ = (
        Index("ix_evaluation_region_code", "region_code", "due_at", "id"),
        UniqueConstraint("accident_id", "generation"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    generation: Mapped[int] = mapped_column(server_default=text("1"))
    """Of which investigation the report was: a reopened one has the next."""
    unit: Mapped[str]
    """Who evaluates: the authority that investigated."""
    status: Mapped[str]
    counted_from: Mapped[date]
    rule: Mapped[str]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    result: Mapped[str | None]
    conclusion: Mapped[str | None]
    concluded_at: Mapped[datetime | None]
    concluded_by: Mapped[str | None]
    published_on: Mapped[date | None]
    title: Mapped[str | None]
    url: Mapped[str | None]
    published_at: Mapped[datetime | None]

    @property
    def stands(self) -> EvaluationStatus:
        """Its state."""
        return EvaluationStatus(self.status)
