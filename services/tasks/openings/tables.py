"""The opening of one period of one duty, and how far it came."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base


class Opening(Base):
    """One period in which a duty of a plan is owed by everybody whom it means.

    It names nobody: whoever may read plans may read it.
    """

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("year", "version", "code", "period_from"),
        ForeignKeyConstraint(
            ["year", "version", "code"], ["plan_duty.year", "plan_duty.version", "plan_duty.code"]
        ),
        Index("ix_opening_running", "period_to", postgresql_where="status IN ('opening', 'open')"),
    )

    id: Mapped[Id]
    year: Mapped[int]
    version: Mapped[int]
    code: Mapped[str]
    """The duty's number in its version: `4.1`."""
    duty_kind: Mapped[str]
    status: Mapped[str]
    period_from: Mapped[date]
    period_to: Mapped[date]
    due_at: Mapped[datetime]
    least: Mapped[int | None]
    begun_on: Mapped[date | None]
    """The day whose units and enterprises are meant: that of the first chunk."""
    stage: Mapped[int] = mapped_column(server_default="0")
    """0 while units are opened, then the number of the group of enterprises."""
    after: Mapped[str] = mapped_column(server_default="")
    """The last enterprise of the group that was opened."""
    opened: Mapped[int] = mapped_column(server_default="0")
    """For how many subjects it was opened."""
    overdue: Mapped[int] = mapped_column(server_default="0")
    """How many of them had not done it when the period ended."""
    opened_at: Mapped[datetime | None]
    """When the last of them was opened."""
    ended_at: Mapped[datetime | None]

    @property
    def duty(self) -> str:
        """How an obligation names the duty: `2023/4.1`."""
        return f"{self.year}/{self.code}"
