"""Which level held an investigation when, and what was published of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Assignment(Placed, Base):
    """One holder an investigation had, and by which rule. Never changed."""

    __tablename__ = "assignment"
    __table_args__ = ({"info": {"append_only": True}},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str]
    unit: Mapped[str]
    reason: Mapped[str]
    rule: Mapped[str]
    assigned_at: Mapped[datetime]


class Publication(Placed, Base):
    """The published report of an investigation; there is one."""

    __tablename__ = "publication"

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    published_on: Mapped[date]
    title: Mapped[str]
    url: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    unit: Mapped[str | None]
