"""The subscriptions of outside systems."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Id
from services.notifications.base import Base


class Endpoint(Base):
    """Where a subscribed system takes its events."""

    __tablename__ = "endpoint"
    __table_args__ = (UniqueConstraint("region_code", "name"),)

    endpoint_id: Mapped[Id]
    name: Mapped[str]
    url: Mapped[str]
    secret: Mapped[str] = mapped_column(EncryptedText("endpoint.secret"))
    subjects: Mapped[list[str]]
    region_code: Mapped[str]
    """The place whose subtree it hears of."""
    networks: Mapped[list[str]]
    """Private networks that its host may lie in; a public address needs none."""
    status: Mapped[str]
    disabled_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
