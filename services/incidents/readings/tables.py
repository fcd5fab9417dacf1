"""The first reading of each accident by each desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.base import KEPT_WHERE_IT_LIES, Base, Placed


class DeskReading(Placed, Base):
    """That a desk has read of an accident, by whom and when. Never changed."""

    __tablename__ = "desk_reading"
    __table_args__ = ({"info": KEPT_WHERE_IT_LIES},)

    # By name: the room of accidents stamps here, so this one cannot know it.
    accident_id: Mapped[UUID] = mapped_column(ForeignKey("accident.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    read_at: Mapped[datetime]
    read_by: Mapped[str]
