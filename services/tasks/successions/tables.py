"""What followed a unit. Links are added, never changed."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from kernel.db import Id
from services.tasks.base import Base


class Succession(Base):
    """One unit followed another, or followed itself under another name."""

    __tablename__ = "succession"
    __table_args__ = (
        Index(
            "uq_succession_heir",
            "predecessor",
            "effective_from",
            unique=True,
            postgresql_where="heir",
        ),
        Index("ix_succession_successor", "successor"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    predecessor: Mapped[str]
    successor: Mapped[str]
    heir: Mapped[bool]
    """Whether it answers for what the predecessor owed."""
    effective_from: Mapped[date]
    """The first day on which it is so."""
    document: Mapped[str | None]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
