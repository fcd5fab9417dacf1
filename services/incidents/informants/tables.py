"""Informants, sealed, and each request to see one in full."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from kernel.sealed import RevealRequest
from services.incidents.base import Base, Placed
from services.incidents.informants.domain import OwnRequest, RevealActionRefused


class Informant(Placed, Base):
    """Who gave a sign. It stands apart, so that whoever checks the sign never loads it."""

    __tablename__ = "informant"

    id: Mapped[Id]
    name: Mapped[str | None] = mapped_column(EncryptedText("informant.name"))
    contact: Mapped[str | None] = mapped_column(EncryptedText("informant.contact"))
    sealed_at: Mapped[datetime]
    unit: Mapped[str]
    """The desk that handles what the informant said."""


class Reveal(Placed, RevealRequest, Base):
    """A request to see an informant in full, and what the second person decided."""

    __tablename__ = "reveal"
    __table_args__ = (Index("ix_reveal_informant_id", "informant_id"),)
    refused, not_theirs = RevealActionRefused, OwnRequest

    id: Mapped[Id]
    informant_id: Mapped[UUID] = mapped_column(ForeignKey(Informant.id))
    unit: Mapped[str]
