"""Which duty was opened for everybody because of what, and for how many."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from kernel.db import Id
from services.tasks.base import Base


class TriggeredDuty(Base):
    """A duty of a plan that one event opened for everybody in scope."""

    __tablename__ = "triggered_duty"
    __table_args__ = (UniqueConstraint("origin", "duty"),)

    id: Mapped[Id]
    origin: Mapped[UUID]
    duty: Mapped[str]
    kind: Mapped[str]
    region_code: Mapped[str]
    opened: Mapped[int]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
