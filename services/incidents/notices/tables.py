"""Notices to bodies beside the line, and their receipts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed
from services.incidents.notices.domain import NoticeStatus


class Notice(Placed, Base):
    """That `from_unit` must tell `to_unit` of an accident by `due_at`."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("accident_id", "to_unit"),
        Index("ix_notice_open", "from_unit", "due_at", postgresql_where="told_at IS NULL"),
    )

    id: Mapped[Id]
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id))
    body: Mapped[str]
    """What kind of body it is, by its slug."""
    from_unit: Mapped[str]
    to_unit: Mapped[str]
    status: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    rule: Mapped[str]
    told_at: Mapped[datetime | None]
    told_by: Mapped[str | None]
    receipt: Mapped[str | None]
    """Who took it there, or the number of the letter."""
    late: Mapped[bool]
    overdue_at: Mapped[datetime | None]
    """When it was first found overdue: a mark that stays."""
    closed_at: Mapped[datetime | None]
    """When the accident went on as another one: nobody has to give this notice any more."""

    @property
    def units(self) -> Sequence[str]:
        """The desk that must tell."""
        return (self.from_unit,)

    @property
    def stands(self) -> NoticeStatus:
        """Its state."""
        return NoticeStatus(self.status)
