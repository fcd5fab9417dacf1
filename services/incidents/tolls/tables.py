"""Changes of counts, both versions kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.reports.tables import Report

COUNTS = ("deaths", "missing", "serious_injuries", "minor_injuries", "missing_presumed_dead")


class TollChange(Placed, Base):
    """What one report changed of the counts, by the reports before and after."""

    __tablename__ = "toll_change"
    __table_args__ = (Index("ix_toll_change_accident_id", "accident_id"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey(Report.id), primary_key=True)
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    version: Mapped[int]
    """Of the report that changed them."""
    from_version: Mapped[int]
    """Of the report whose figures stood before."""
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    known_at: Mapped[datetime]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    late: Mapped[bool]
    counted: Mapped[bool]
    fell: Mapped[bool]
    contested: Mapped[bool]
    reason: Mapped[str | None]
    """Why the figures fell: what the report says, or what was said afterwards."""
    reasoned_at: Mapped[datetime | None]
    reasoned_by: Mapped[str | None]


def counts_of(report: Report) -> Mapping[str, int | bool]:
    """The counts of people that a report states, and whether the missing among them are dead."""
    return {name: getattr(report, name) for name in COUNTS}
