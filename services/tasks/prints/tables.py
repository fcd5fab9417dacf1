"""Prints of what was handed in, and the marks by which they are found. Never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base


class Print(Base):
    """One file, picture or text of one piece of evidence."""

    __tablename__ = "evidence_print"
    __table_args__ = (
        Index("ix_evidence_print_evidence_id", "evidence_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    of: Mapped[str]
    evidence_id: Mapped[UUID]
    obligation_id: Mapped[UUID]
    subject: Mapped[str]
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    happened_on: Mapped[date | None]
    value: Mapped[str | None]
    """A file's hash, or a picture's print."""
    orders: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    """A text's print."""
    taken_at: Mapped[datetime]


class Mark(Base):
    """Where to look for what is like something."""

    __tablename__ = "evidence_mark"
    __table_args__ = ({"info": {"append_only": True}},)

    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    print_id: Mapped[UUID] = mapped_column(ForeignKey(Print.id), primary_key=True)
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
