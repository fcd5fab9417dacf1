"""Supervisory orders as they stand, their receipts, extensions, files, and every step."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from reference.terms import SupervisionCause, SupervisionKind
from services.tasks.base import Base
from services.tasks.supervisions.domain import SupervisionStatus


class Supervision(Base):
    """One order of one unit to one or several others, or to one enterprise."""

    __tablename__ = "supervision"
    __table_args__ = (
        UniqueConstraint("issuer", "kind", "year", "number"),
        # One open order of a kind about a thing and to whom: the next one follows from it.
        Index(
            "uq_supervision_live",
            "cause",
            "cause_id",
            "kind",
            "addressee",
            unique=True,
            postgresql_where="cause_id IS NOT NULL"
            " AND status NOT IN ('closed', 'lifted', 'withdrawn')",
        ),
        Index("ix_supervision_drafted_at", "drafted_at", "id"),
        Index("ix_supervision_due_at", "due_at", "id"),
        # What is still to be done stands behind years of what was: digests and feeds read that.
        Index(
            "ix_supervision_open",
            "addressee",
            "due_at",
            postgresql_where="status NOT IN ('closed', 'lifted', 'withdrawn')",
        ),
        Index("ix_supervision_judged", "acceptance_due_at", postgresql_where="status = 'answered'"),
        Index("ix_supervision_units", "units", postgresql_using="gin"),
        Index("ix_supervision_cause_id", "cause_id", postgresql_where="cause_id IS NOT NULL"),
        Index("ix_supervision_follows", "follows", postgresql_where="follows IS NOT NULL"),
    )

    id: Mapped[Id]
    region_code: Mapped[str]
    """Where it is issued."""
    kind: Mapped[str]
    status: Mapped[str]
    issuer: Mapped[str]
    """Whose letter it is."""
    keeper: Mapped[str]
    """Who acts for the issuer now: itself, or the heir of one that ended."""
    units: Mapped[list[str]]
    """Units that see it wherever they stand; those addressed only once it is issued."""
    enterprise_uscc: Mapped[str | None]
    """The addressed enterprise, once it may see it."""
    addressee: Mapped[str]
    """Who answers: a unit, or an enterprise by its credit code."""
    addressees: Mapped[list[str]]
    """All addressed units, the one that answers first; empty where an enterprise is."""
    cc: Mapped[list[str]]
    title: Mapped[str]
    matters: Mapped[list[str]]
    basis: Mapped[str | None]
    cause: Mapped[str]
    cause_id: Mapped[str | None]
    cause_reason: Mapped[str | None]
    follows: Mapped[UUID | None] = mapped_column(ForeignKey("supervision.id"))
    """The earlier order that it follows from."""
    automatic: Mapped[bool]
    """Whether the platform made it itself."""
    five: Mapped[bool]
    """Whether its answers show that the five are in place."""
    year: Mapped[int | None]
    number: Mapped[int | None]
    number_text: Mapped[str | None]
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime]
    signed_by: Mapped[str | None]
    issued_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    """The last day as the order names it; None for what its kind usually has."""
    due_at: Mapped[datetime | None]
    rule: Mapped[str | None]
    """The row that its deadline was taken from."""
    round: Mapped[int]
    extended: Mapped[int]
    received_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    rung: Mapped[int]
    """How many steps of what follows delay were taken in this round."""
    acceptance_due_at: Mapped[datetime | None]
    acceptance_overdue_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    meeting_at: Mapped[datetime | None]
    meeting_place: Mapped[str | None]
    interviewees: Mapped[list[str] | None]
    """Posts, never people."""
    met_at: Mapped[datetime | None]
    attended: Mapped[list[str] | None]
    minutes: Mapped[str | None]
    """The file of the minutes, by its SHA-256."""

    @property
    def stands(self) -> SupervisionStatus:
        """Where it stands."""
        return SupervisionStatus(self.status)

    @property
    def of_kind(self) -> SupervisionKind:
        """What kind it is."""
        return SupervisionKind(self.kind)

    @property
    def about(self) -> SupervisionCause:
        """What kind of cause it has."""
        return SupervisionCause(self.cause)


class SupervisionReceipt(Base):
    """That one addressee signs for an order: by when, and when it did."""

    __tablename__ = "supervision_receipt"
    __table_args__ = (
        Index("ix_supervision_receipt_supervision_id", "supervision_id"),
        Index("ix_supervision_receipt_addressee", "addressee"),
        Index(
            "ix_supervision_receipt_unsigned",
            "addressee",
            "due_at",
            postgresql_where="received_at IS NULL",
        ),
    )

    id: Mapped[Id]
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey(Supervision.id))
    addressee: Mapped[str]
    due_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    overdue_at: Mapped[datetime | None]


class SupervisionFile(Base):
    """A file handed in about an order, by the hash of its content. Never changed."""

    __tablename__ = "supervision_file"
    __table_args__ = (
        UniqueConstraint("supervision_id", "sha256"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey(Supervision.id))
    title: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    handed_in_by: Mapped[str]
    handed_in_at: Mapped[datetime]


class SupervisionEntry(Base):
    """One step taken with an order. Never changed."""

    __tablename__ = "supervision_entry"
    __table_args__ = (
        Index("ix_supervision_entry_supervision_id", "supervision_id", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey(Supervision.id))
    at: Mapped[datetime]
    action: Mapped[str]
    status: Mapped[str]
    made_by: Mapped[str]
    unit: Mapped[str | None]
    note: Mapped[str | None]
    detail: Mapped[dict[str, Any]]


class SupervisionCounter(Base):
    """The last number that a unit gave to an order of a kind in a year."""

    __tablename__ = "supervision_counter"

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str]
    last: Mapped[int]
