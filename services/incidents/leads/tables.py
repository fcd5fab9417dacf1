"""Leads as they stand, and every step that was taken with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from reference.terms import LeadSource, LeadStep
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.findings.tables import Finding
from services.incidents.informants.tables import Informant
from services.incidents.leads.domain import LeadStatus


class Lead(Placed, Base):
    """A sign of an accident. It has no holder: enterprises never see it."""

    __tablename__ = "lead"
    __table_args__ = (
        Index("ix_lead_received_at", "received_at", "id"),
        Index("ix_lead_accident_id", "accident_id"),
    )

    id: Mapped[Id]
    source: Mapped[str]
    status: Mapped[str]
    submitted_by: Mapped[str]
    received_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    uncertain_by_hours: Mapped[int]
    place: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    enterprise_name: Mapped[str | None]
    deaths_alleged: Mapped[int]
    account: Mapped[str | None] = mapped_column(EncryptedText("lead.account"))
    """What was told, in words: people are named in such texts."""
    informant_id: Mapped[UUID | None] = mapped_column(ForeignKey(Informant.id))
    accident_id: Mapped[UUID | None] = mapped_column(ForeignKey(Accident.id))
    score: Mapped[int]
    reasons: Mapped[list[str]]
    unreported_deaths: Mapped[int]
    unit: Mapped[str]
    """The desk that must check it."""
    first_check_due_at: Mapped[datetime | None]
    first_checked_at: Mapped[datetime | None]
    first_check_overdue_at: Mapped[datetime | None]
    result_due_at: Mapped[datetime | None]
    result_overdue_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey(Finding.id))

    @property
    def stands(self) -> LeadStatus:
        """Where it stands."""
        return LeadStatus(self.status)

    @property
    def said_by(self) -> LeadSource:
        """Where it comes from."""
        return LeadSource(self.source)

    def owes(self, step: LeadStep) -> bool:
        """Whether a step of the check is still to be done."""
        if self.stands is not LeadStatus.CHECKING:
            return False
        return step is LeadStep.RESULT or self.first_checked_at is None


class LeadEntry(Placed, Base):
    """One step taken with a lead. Never changed."""

    __tablename__ = "lead_entry"
    __table_args__ = (
        Index("ix_lead_entry_lead_id", "lead_id", "id"),
        Index("ix_lead_entry_accident_id", "accident_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey(Lead.id))
    at: Mapped[datetime]
    action: Mapped[str]
    status: Mapped[str]
    made_by: Mapped[str]
    unit: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(EncryptedText("lead_entry.note"))
    accident_id: Mapped[UUID | None]
