"""The catalogue's own lines, and the log of what dispatches taught. No person is in either.

Whoever proposes must see the same lines and lessons, whatever their region: the tables hold no
`region_code`, and everybody signed in whose role reads the catalogue reads all of it.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base


class CatalogueLine(Base):
    """A line that the city has written over, or beside, those of its pack."""

    __tablename__ = "catalogue_line"
    __table_args__ = (
        Index(
            "uq_catalogue_line_current",
            "matter",
            "region",
            unique=True,
            postgresql_where="effective_to IS NULL",
        ),
    )

    id: Mapped[Id]
    matter: Mapped[str]
    region: Mapped[str]
    lead: Mapped[str | None]
    supporting: Mapped[list[str]]
    same_as: Mapped[str | None]
    reason: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    """The last day on which it is so; None while it holds."""
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class LearntLesson(Base):
    """What one dispatch taught. Never changed: every proposal can be worked out again from it."""

    __tablename__ = "catalogue_lesson"
    __table_args__ = (
        Index("ix_catalogue_lesson_matter", "matter", "region", "learnt_at"),
        {"info": {"append_only": True}},
    )

    dispatch_id: Mapped[UUID] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    matter: Mapped[str]
    region: Mapped[str]
    unit: Mapped[str]
    learnt_at: Mapped[datetime]
