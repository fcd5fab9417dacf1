"""Who sits on which committee."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.organisations.tables import Dated


class Membership(Dated, Base):
    """One unit on one committee; no two of them share a day."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_committee", "committee"),
        Index("ix_membership_unit", "unit"),
    )

    id: Mapped[Id]
    committee: Mapped[str]
    unit: Mapped[str]
    capacity: Mapped[str]
