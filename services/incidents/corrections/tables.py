"""Corrections of reports, each with what stood before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import KEPT_FOR_WHOSE_IT_IS, Base, Placed
from services.incidents.reports.tables import Report


class Correction(Placed, Base):
    """One correction of one report. Never changed; the report itself stays as it was made."""

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("report_id", "version"),
        {"info": KEPT_FOR_WHOSE_IT_IS},
    )

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey(Report.id))
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    version: Mapped[int]
    """Its number among the corrections of the report."""
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    why: Mapped[str]
    moved: Mapped[bool]
    """Whether it changed the accident, and not only the record."""
    corrected_at: Mapped[datetime]
    corrected_by: Mapped[str]
    unit: Mapped[str | None]
