"""Readings of accidents: one row for each person, part and day, however often it was opened."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Reading(Placed, Base):
    """That somebody opened a part of an accident on a day, when first and last, how often."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("accident_id", "read_on", "subject", "part"),)

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    read_on: Mapped[date]
    subject: Mapped[str]
    part: Mapped[str]
    unit: Mapped[str | None]
    post: Mapped[str | None]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
