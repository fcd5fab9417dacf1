"""Who called, when, and which desk wrote it down."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import KEPT_WHERE_IT_LIES, Base, Placed


class PhoneCall(Placed, Base):
    """A report that came by telephone. Never changed; enterprises do not see it."""

    __tablename__ = "phone_call"
    __table_args__ = (
        Index("ix_phone_call_accident_id", "accident_id"),
        {"info": KEPT_WHERE_IT_LIES},
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    report_id: Mapped[UUID]
    called_at: Mapped[datetime]
    """When the desk had the report: its clocks run from here."""
    typed_at: Mapped[datetime]
    typed_by: Mapped[str]
    unit: Mapped[str | None]
    caller_name: Mapped[str | None] = mapped_column(EncryptedText("phone_call.caller_name"))
    caller_phone: Mapped[str | None] = mapped_column(EncryptedText("phone_call.caller_phone"))
    answered_by: Mapped[str | None] = mapped_column(EncryptedText("phone_call.answered_by"))
    """Who held the telephone, where that is not who typed."""
