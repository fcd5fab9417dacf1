"""Evidence, hand-overs and withdrawals: rows that nobody may change."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Evidence(Placed, Base):
    """One item, by the hash of its file. Never changed."""

    __tablename__ = "evidence"
    __table_args__ = (
        # One file is one item of an accident until it is withdrawn, and stays one then.
        UniqueConstraint("accident_id", "sha256"),
        Index("ix_evidence_region_code", "region_code", "taken_in_at", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    kind: Mapped[str]
    title: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    collected_at: Mapped[datetime]
    taken_in_at: Mapped[datetime]
    taken_in_by: Mapped[str]


class Custody(Placed, Base):
    """One hand-over: who gave an item to whom, when and why. Never changed."""

    __tablename__ = "custody"
    __table_args__ = (
        UniqueConstraint("evidence_id", "n"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey(Evidence.id))
    n: Mapped[int]
    giver: Mapped[str] = mapped_column(EncryptedText("custody.giver"))
    taker: Mapped[str] = mapped_column(EncryptedText("custody.taker"))
    unit: Mapped[str | None]
    """The unit of who takes it."""
    why: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    link: Mapped[str]


class Withdrawal(Placed, Base):
    """That an item no longer counts, and why; the item and its file stay. Never changed."""

    __tablename__ = "evidence_withdrawal"
    __table_args__ = ({"info": {"append_only": True}},)

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey(Evidence.id), primary_key=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
