"""Investigations as they stand, which level held them when, and what was published of them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from reference.terms import Level
from services.incidents.accidents.tables import Accident
from services.incidents.base import KEPT_FOR_WHOSE_IT_IS, Base, Placed
from services.incidents.investigations.domain import InvestigationStatus


class Assignment(Placed, Base):
    """One holder an investigation had, and by which rule. Never changed."""

    __tablename__ = "assignment"
    __table_args__ = ({"info": KEPT_FOR_WHOSE_IT_IS},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str]
    unit: Mapped[str]
    reason: Mapped[str]
    rule: Mapped[str]
    assigned_at: Mapped[datetime]


class Publication(Placed, Base):
    """The published report of an investigation; each generation has one."""

    __tablename__ = "publication"

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, server_default=text("1")
    )
    published_on: Mapped[date]
    title: Mapped[str]
    url: Mapped[str | None]
    source: Mapped[str | None]
    """Where a level below the holder has it from; None if the holder or one above it published."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    unit: Mapped[str | None]


class Investigation(Placed, Base):
    """One generation of an accident's investigation; a reopened one is the next generation."""

    __tablename__ = "investigation"
    __table_args__ = (
        Index("ix_investigation_open", "unit", "status"),
        Index("ix_investigation_case_due", "case_due_on"),
    )

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str]
    level: Mapped[str]
    unit: Mapped[str]
    inquiry: Mapped[str]
    """Whether people were harmed, or what else is looked into."""
    starts_on: Mapped[date]
    """The day from which its clock runs, itself not counted."""
    opened_at: Mapped[datetime]
    reason: Mapped[str | None]
    """Why a closed one was reopened; None for the first generation."""
    document: Mapped[str | None]
    """The document that approved the reopening."""
    opened_by: Mapped[str | None]
    delegated_to: Mapped[str | None]
    """The unit, or the credit code of the enterprise, that conducts it for the holder."""
    began_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    case_due_on: Mapped[date | None]
    """Last day for the approval of a case closed in time; None while an appraisal goes on."""
    overdue_at: Mapped[datetime | None]
    """When a limit was first found to have run out: a mark that stays."""

    @property
    def stands(self) -> InvestigationStatus:
        """Its state."""
        return InvestigationStatus(self.status)

    @property
    def held_at(self) -> Level:
        """The level that holds it."""
        return Level(self.level)

    @property
    def units(self) -> Sequence[str]:
        """Who holds it and who conducts it."""
        return tuple(unit for unit in (self.unit, self.delegated_to) if unit)


class Submission(Placed, Base):
    """One time that the report was handed to the government, and what it decided."""

    __tablename__ = "submission"

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parts: Mapped[list[str]]
    """Which version of each part was handed in: `part@version`."""
    content_sha256: Mapped[str | None]
    """The content that the team signed; None for what was handed in before signatures were kept."""
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str]
    to_unit: Mapped[str]
    decision: Mapped[str | None]
    reason: Mapped[str | None]
    document: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
