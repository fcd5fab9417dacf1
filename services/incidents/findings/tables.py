"""Findings and their evidence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Finding(Placed, Base):
    """That the reporting of an accident fell short."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_accident_id", "accident_id"),)

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    kind: Mapped[str]
    status: Mapped[str]
    evidence: Mapped[str]
    found_at: Mapped[datetime]
    found_by: Mapped[str]
    unit: Mapped[str | None]
