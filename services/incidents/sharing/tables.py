"""Which further places share an accident."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Share(Placed, Base):
    """A further place of an accident: `region_code` is that place, not the leading one."""

    __tablename__ = "share"

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    lead_region: Mapped[str]
    unit: Mapped[str]
    """The desk that was told."""
    grade: Mapped[str]
    """As it was told."""
    shared_at: Mapped[datetime]
