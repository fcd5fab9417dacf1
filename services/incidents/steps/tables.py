"""Steps of investigations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.steps.domain import StepStatus
from services.incidents.teams.tables import Member


class Step(Placed, Base):
    """What one member of the team has to do, by when."""

    __tablename__ = "investigation_step"
    __table_args__ = (
        Index("ix_investigation_step_accident_id", "accident_id"),
        Index("ix_investigation_step_region_code", "region_code", "due_at", "id"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    unit: Mapped[str]
    """Whose alarm it is when nobody does it: the unit that gave the step."""
    task: Mapped[str]
    status: Mapped[str]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str]
    due_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    note: Mapped[str | None]

    @property
    def stands(self) -> StepStatus:
        """Its state."""
        return StepStatus(self.status)
