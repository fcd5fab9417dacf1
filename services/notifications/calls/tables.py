"""One event on its way to one endpoint."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.db import Id
from services.notifications.base import Base
from services.notifications.endpoints.tables import Endpoint


class Call(Base):
    """A webhook call and what became of it."""

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index(
            "ix_call_queued",
            "endpoint_id",
            "aggregate_id",
            "position",
            postgresql_where="status = 'queued'",
        ),
        Index("ix_call_told", "endpoint_id", "told_at"),
    )

    call_id: Mapped[Id]
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("endpoint.endpoint_id"))
    event_id: Mapped[UUID]
    subject: Mapped[str]
    aggregate_id: Mapped[str]
    region_code: Mapped[str]
    """The endpoint's, so that its administrators see it."""
    body: Mapped[str]
    """The CloudEvent exactly as it is signed and sent."""
    told_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    status: Mapped[str]
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    attempt_at: Mapped[datetime | None]
    """When to try again; none until an attempt failed."""
    last_status: Mapped[int | None]
    settled_at: Mapped[datetime | None]

    endpoint: Mapped[Endpoint] = relationship(lazy="raise")
