"""The evidence handed in for obligations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.obligations.tables import Obligation


class Evidence(Base):
    """What was handed in for an obligation, and what the reviewer said."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_obligation_id", "obligation_id"),)

    id: Mapped[Id]
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey(Obligation.id))
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    note: Mapped[str]
    figures: Mapped[dict[str, Any] | None]
    submitted_by: Mapped[str]
    submitted_at: Mapped[datetime]
    verdict: Mapped[str | None]
    remark: Mapped[str | None] = mapped_column(Text)
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
