"""Answers, requests for more time, and what was promised."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.supervisions.tables import Supervision


class SupervisionAnswer(Base):
    """What was answered in one round, and what the issuer said to it."""

    __tablename__ = "supervision_answer"
    __table_args__ = (Index("uq_supervision_answer_round", "supervision_id", "round", unique=True),)

    id: Mapped[Id]
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey(Supervision.id))
    round: Mapped[int]
    text: Mapped[str]
    files: Mapped[list[str]]
    """By their SHA-256."""
    five: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """By which of the five: whether it is in place, and what shows it."""
    unit: Mapped[str | None]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]
    late: Mapped[bool]
    verdict: Mapped[str | None]
    remark: Mapped[str | None]
    judged_by: Mapped[str | None]
    judged_at: Mapped[datetime | None]


class SupervisionExtension(Base):
    """A request of whoever owes the answer for more time."""

    __tablename__ = "supervision_extension"
    __table_args__ = (
        Index(
            "uq_supervision_extension_asked",
            "supervision_id",
            unique=True,
            postgresql_where="status = 'asked'",
        ),
        Index("ix_supervision_extension_supervision_id", "supervision_id"),
    )

    id: Mapped[Id]
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey(Supervision.id))
    status: Mapped[str]
    working_days: Mapped[int]
    reason: Mapped[str]
    round: Mapped[int]
    due_before: Mapped[datetime]
    due_after: Mapped[datetime | None]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]


class SupervisionCommitment(Base):
    """What somebody who was heard promised."""

    __tablename__ = "supervision_commitment"
    __table_args__ = (Index("ix_supervision_commitment_supervision_id", "supervision_id"),)

    id: Mapped[Id]
    supervision_id: Mapped[UUID] = mapped_column(ForeignKey(Supervision.id))
    text: Mapped[str]
    due_at: Mapped[datetime]
    kept_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
