"""Evidence: what was done when and where, its files, what looks wrong with it, and questions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.evidence.domain import EvidenceState
from services.tasks.obligations.tables import Obligation


class Evidence(Base):
    """What was handed in for an obligation about one act, and what became of it."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_obligation_id", "obligation_id"),
        Index("ix_evidence_subject", "subject", "happened_at"),
        Index("ix_evidence_submitted_at", "submitted_at", "id"),
        Index("ix_evidence_part_id", "part_id", postgresql_where="part_id IS NOT NULL"),
        Index("ix_evidence_held", "submitted_at", "id", postgresql_where="state = 'waiting'"),
    )

    id: Mapped[Id]
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey(Obligation.id))
    part_id: Mapped[UUID | None]
    """The part of it that it proves; None of what proves the whole."""
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    subject: Mapped[str]
    """The unit or enterprise that did it."""
    state: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="document")
    """What its words are."""
    note: Mapped[str]
    figures: Mapped[dict[str, Any] | None]
    activity: Mapped[str | None]
    happened_on: Mapped[date | None]
    happened_at: Mapped[datetime | None]
    place: Mapped[str | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    attending: Mapped[int | None]
    held_with: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """The other subjects with whom it was done."""
    host: Mapped[str | None]
    """Which of them held it; None for the subject itself."""
    submitted_by: Mapped[str]
    submitted_at: Mapped[datetime]
    verdict: Mapped[str | None]
    remark: Mapped[str | None] = mapped_column(Text)
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_from: Mapped[str | None]
    """The area of whoever reviewed it: a beginning of division codes."""
    uncounted: Mapped[str | None]
    """Why it does not count though it was accepted; of one that waits, why it would not."""
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]

    @property
    def counts(self) -> bool:
        """Whether it counts, as it was last counted."""
        return self.state == EvidenceState.ACCEPTED and self.uncounted is None


class EvidenceFile(Base):
    """A file by the hash of its content, and what could be read out of it."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        Index("ix_evidence_file_obligation_id", "obligation_id"),
        Index("ix_evidence_file_evidence_id", "evidence_id"),
    )

    id: Mapped[Id]
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey(Obligation.id))
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey(Evidence.id))
    """The evidence it belongs to; None until that is handed in."""
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    kind: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    taken_at: Mapped[datetime | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    picture: Mapped[str | None]
    """The print of what a photo shows."""
    words: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    """The print of a document's text."""
    added_by: Mapped[str]
    added_at: Mapped[datetime]


class EvidenceFlag(Base):
    """Something that looks wrong with a piece of evidence, and what it contradicts."""

    __tablename__ = "evidence_flag"
    __table_args__ = (
        Index("ix_evidence_flag_evidence_id", "evidence_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey(Evidence.id))
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    kind: Mapped[str]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    contradicts: Mapped[UUID | None]
    """The earlier evidence, wherever it stands."""
    found_at: Mapped[datetime]


class EvidenceQuestion(Base):
    """A reviewer's question about a piece of evidence, and its answer."""

    __tablename__ = "evidence_question"
    __table_args__ = (Index("ix_evidence_question_evidence_id", "evidence_id"),)

    id: Mapped[Id]
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey(Evidence.id))
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    question: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
