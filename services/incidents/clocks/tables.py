"""What stretches or stops the clock of an investigation: extensions and technical appraisals."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import KEPT_FOR_WHOSE_IT_IS, Base, Placed


class Extension(Placed, Base):
    """Days that the government granted on top, with its reason. Never changed."""

    __tablename__ = "extension"
    __table_args__ = (
        Index("ix_extension_accident_id", "accident_id", "generation"),
        {"info": KEPT_FOR_WHOSE_IT_IS},
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    generation: Mapped[int]
    stage: Mapped[str]
    days: Mapped[int]
    reason: Mapped[str]
    document: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str]
    unit: Mapped[str | None]


class Appraisal(Placed, Base):
    """A technical appraisal; the days after its first until its last are not counted."""

    __tablename__ = "appraisal"
    __table_args__ = (Index("ix_appraisal_accident_id", "accident_id", "generation"),)

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    generation: Mapped[int]
    subject: Mapped[str]
    institution: Mapped[str]
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
