"""Callers, sealed, each request to see one in full, and every look at one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from kernel.sealed import RevealRequest
from services.tasks.base import Base
from services.tasks.callers.domain import CallerRevealRefused, OwnCallerRequest


class Caller(Base):
    """Who called. It stands apart, so that whoever handles the order never loads it."""

    __tablename__ = "caller"
    __table_args__ = (Index("ix_caller_same", "same"),)

    id: Mapped[Id]
    region_code: Mapped[str]
    name: Mapped[str | None] = mapped_column(EncryptedText("caller.name"))
    contact: Mapped[str | None] = mapped_column(EncryptedText("caller.contact"))
    same: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A blind index of the contact: repeats are found by it, nobody is."""
    sealed_at: Mapped[datetime]


class CallerReveal(RevealRequest, Base):
    """A request to see a caller in full, and what the second person decided."""

    __tablename__ = "caller_reveal"
    __table_args__ = (Index("ix_caller_reveal_caller_id", "caller_id"),)
    refused, not_theirs = CallerRevealRefused, OwnCallerRequest

    id: Mapped[Id]
    caller_id: Mapped[UUID] = mapped_column(ForeignKey(Caller.id))
    region_code: Mapped[str]


class CallerLook(Base):
    """One look at a caller, masked or in full. Never changed."""

    __tablename__ = "caller_look"
    __table_args__ = (
        Index("ix_caller_look_caller_id", "caller_id", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    caller_id: Mapped[UUID] = mapped_column(ForeignKey(Caller.id))
    region_code: Mapped[str]
    at: Mapped[datetime]
    looked_by: Mapped[str]
    unit: Mapped[str | None]
    in_full: Mapped[bool]
    reveal_id: Mapped[UUID | None]
