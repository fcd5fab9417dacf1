"""Alarms, each with the chain it climbs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.notifications.base import Base


class Alarm(Base):
    """One alarm. Its row lock decides between an answer and the next step."""

    __tablename__ = "alarm"
    __table_args__ = (UniqueConstraint("event_id", "route"),)

    alarm_id: Mapped[Id]
    event_id: Mapped[UUID]
    message_id: Mapped[UUID]
    route: Mapped[str]
    kind: Mapped[str]
    origin: Mapped[str] = mapped_column(index=True)
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    units: Mapped[list[str]]
    grade: Mapped[str | None]
    everyone: Mapped[bool]
    chain: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """The steps as planned: to, placeless, channels, minutes."""
    called: Mapped[list[list[str]]] = mapped_column(JSONB)
    """Whom each opened step reached; the dead-end desk is the last."""
    answered: Mapped[list[str]]
    status: Mapped[str]
    told_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
