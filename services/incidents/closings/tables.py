"""What was answered to the four questions before a case closes, every answer kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class ClosingCheck(Placed, Base):
    """One answer to one question, with its evidence; the newest counts. Never changed."""

    __tablename__ = "closing_check"
    __table_args__ = ({"info": {"append_only": True}},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    met: Mapped[bool]
    evidence: Mapped[str]
    checked_at: Mapped[datetime]
    checked_by: Mapped[str]
    unit: Mapped[str | None]
