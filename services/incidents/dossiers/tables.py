"""The parts of investigation reports, every version of each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class ReportPart(Placed, Base):
    """One version of one part of a report. Never changed."""

    __tablename__ = "report_part"
    __table_args__ = ({"info": {"append_only": True}},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    written_at: Mapped[datetime]
    written_by: Mapped[str]
