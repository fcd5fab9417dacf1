"""Findings, each step they went through, and their evidence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from reference.terms import FindingStatus
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Finding(Placed, Base):
    """That the reporting of an accident fell short."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_accident_id", "accident_id"),)

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    kind: Mapped[str]
    status: Mapped[str]
    evidence: Mapped[str]
    found_at: Mapped[datetime]
    found_by: Mapped[str]
    unit: Mapped[str | None]

    @property
    def stands(self) -> FindingStatus:
        """Its state."""
        return FindingStatus(self.status)


class FindingStep(Placed, Base):
    """One step of a finding: who, at which post, when and why. Never changed."""

    __tablename__ = "finding_step"
    __table_args__ = (
        Index("ix_finding_step_finding_id", "finding_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    finding_id: Mapped[UUID] = mapped_column(ForeignKey(Finding.id))
    status: Mapped[str]
    """The status that it reached."""
    at: Mapped[datetime]
    by: Mapped[str]
    unit: Mapped[str | None]
    post: Mapped[str | None]
    reason: Mapped[str]


class FindingFile(Placed, Base):
    """A file that proves a finding, by the hash of its content. Never changed."""

    __tablename__ = "finding_file"
    __table_args__ = ({"info": {"append_only": True}},)

    finding_id: Mapped[UUID] = mapped_column(ForeignKey(Finding.id), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
