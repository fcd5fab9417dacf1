"""Rescues, what was said of them, and their days."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import KEPT_WHERE_IT_LIES, Base, Placed
from services.incidents.rescues.domain import DayStatus, RescueStatus


class Rescue(Placed, Base):
    """The rescue after an accident. While it goes on, one day stands open."""

    __tablename__ = "rescue"

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    status: Mapped[str]
    unit: Mapped[str]
    """The desk that took the first report: it answers for the follow-ups."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def stands(self) -> RescueStatus:
        """Its state."""
        return RescueStatus(self.status)


class RescueStep(Placed, Base):
    """That somebody said a rescue had ended, or goes on, and why. Never changed."""

    __tablename__ = "rescue_step"
    __table_args__ = (
        Index("ix_rescue_step_accident_id", "accident_id"),
        {"info": KEPT_WHERE_IT_LIES},
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    action: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    unit: Mapped[str | None]
    reason: Mapped[str]
    report_id: Mapped[UUID | None]
    """The follow-up that said so; None when it was said by itself."""


class FollowUpDay(Placed, Base):
    """One day of a rescue, with how many follow-ups it needs and had."""

    __tablename__ = "follow_up_day"
    __table_args__ = (
        UniqueConstraint("accident_id", "day"),
        Index("ix_follow_up_day_open", "unit", "due_at", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    day: Mapped[date]
    unit: Mapped[str]
    grade: Mapped[str]
    """The grade with which the day began."""
    needed: Mapped[int]
    received: Mapped[int]
    """Reports received in the day, as last counted."""
    due_at: Mapped[datetime]
    rule: Mapped[str]
    status: Mapped[str]
    missed_at: Mapped[datetime | None]
    """When it was first found missed: a mark that stays."""

    @property
    def units(self) -> Sequence[str]:
        """The desk that answers for it."""
        return (self.unit,)

    @property
    def stands(self) -> DayStatus:
        """Its state."""
        return DayStatus(self.status)
