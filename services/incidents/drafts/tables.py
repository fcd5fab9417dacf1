"""Drafts as they are being written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from kernel.db import Id
from services.incidents.base import Base, Placed
from services.incidents.drafts.domain import Status


class Draft(Placed, Base):
    """A report that is being written, by an enterprise or a desk."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_region_code", "region_code", "saved_at", "id"),)

    id: Mapped[Id]
    """Also the id of the report that it becomes, so that it can become only one."""
    version: Mapped[int]
    status: Mapped[str]
    unit: Mapped[str | None]
    """The desk that writes it; None for an enterprise."""
    body: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    accident_id: Mapped[UUID | None]

    @property
    def stands(self) -> Status:
        """Its state."""
        return Status(self.status)
