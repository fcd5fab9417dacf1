"""Whose an accident turned out to be, and who found out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import KEPT_WHERE_IT_LIES, Base, Placed


class Identification(Placed, Base):
    """That an accident without a code was found to be an enterprise's. Never changed."""

    __tablename__ = "identification"
    __table_args__ = ({"info": KEPT_WHERE_IT_LIES},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    enterprise_name: Mapped[str | None]
    """What the unit was called while nobody knew its code."""
    why: Mapped[str]
    identified_at: Mapped[datetime]
    identified_by: Mapped[str]
    unit: Mapped[str | None]
