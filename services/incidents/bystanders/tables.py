"""What the public reported, sealed where it may tell who."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.incidents.base import Base, Placed
from services.incidents.bystanders.domain import Status


class PublicReport(Placed, Base):
    """A report without an account. Enterprises never see it."""

    __tablename__ = "public_report"
    __table_args__ = (
        Index("ix_public_report_received_at", "received_at", "id"),
        Index("ix_public_report_follow", "follow", unique=True),
        Index("ix_public_report_words", "words", "received_at"),
        Index(
            "ix_public_report_accident_id",
            "accident_id",
            postgresql_where=sql("accident_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    version: Mapped[int]
    status: Mapped[str]
    doubts: Mapped[list[str]]
    text: Mapped[str] = mapped_column(EncryptedText("public_report.text"))
    name: Mapped[str | None] = mapped_column(EncryptedText("public_report.name"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("public_report.phone"))
    follow: Mapped[bytes] = mapped_column(LargeBinary)
    """The blind index of the code by which its reporter finds it again."""
    words: Mapped[bytes] = mapped_column(LargeBinary)
    """The blind index of the text, to notice the same words again."""
    enterprise_name: Mapped[str | None]
    place: Mapped[str | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    deaths: Mapped[int]
    missing: Mapped[int]
    injured: Mapped[int]
    trapped: Mapped[int]
    seen_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    """When it was first found that no desk had looked: a mark that stays."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    unit: Mapped[str | None]
    """The desk that decided."""
    reason: Mapped[str | None]
    accident_id: Mapped[UUID | None]

    @property
    def stands(self) -> Status:
        """Its state."""
        return Status(self.status)
