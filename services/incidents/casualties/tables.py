"""The people harmed in an accident, and how each entry came to be as it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Casualty(Placed, Base):
    """Somebody harmed in an accident, as it stands now."""

    __tablename__ = "casualty"
    __table_args__ = (UniqueConstraint("accident_id", "identity"),)

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    version: Mapped[int]
    state: Mapped[str]
    name: Mapped[str] = mapped_column(EncryptedText("casualty.name"))
    id_number: Mapped[str | None] = mapped_column(EncryptedText("casualty.id_number"))
    hospital: Mapped[str | None] = mapped_column(EncryptedText("casualty.hospital"))
    identity: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A blind index of the id number: the same person is listed once in an accident."""
    changed_at: Mapped[datetime]


class CasualtyVersion(Placed, Base):
    """One state of an entry, with who made it. Never changed."""

    __tablename__ = "casualty_version"
    __table_args__ = ({"info": {"append_only": True}},)

    casualty_id: Mapped[UUID] = mapped_column(ForeignKey(Casualty.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    action: Mapped[str | None]
    name: Mapped[str] = mapped_column(EncryptedText("casualty_version.name"))
    id_number: Mapped[str | None] = mapped_column(EncryptedText("casualty_version.id_number"))
    hospital: Mapped[str | None] = mapped_column(EncryptedText("casualty_version.hospital"))
    changed_by: Mapped[str]
    unit: Mapped[str | None]
    changed_at: Mapped[datetime]
