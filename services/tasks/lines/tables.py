"""Whom units report to, where it is not the usual one."""

from datetime import date

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base
from services.tasks.organisations.tables import Dated


class ReportingLine(Dated, Base):
    """A unit reports to another one from a day on."""

    __tablename__ = "reporting_line"
    __table_args__ = (Index("ix_reporting_line_superior", "superior"),)

    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    superior: Mapped[str]
