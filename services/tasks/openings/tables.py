"""The opening of a duty for everybody whom it means, and how far it came."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base


class Opening(Base):
    """A duty of a plan that is owed by everybody whom it means, in a period or for an event.

    It names nobody: whoever may read plans may read it.
    """

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("origin", "year", "code"),
        Index(
            "uq_opening_period",
            "year",
            "version",
            "code",
            "period_from",
            unique=True,
            postgresql_where="cause = 'period'",
        ),
        ForeignKeyConstraint(
            ["year", "version", "code"], ["plan_duty.year", "plan_duty.version", "plan_duty.code"]
        ),
        Index("ix_opening_running", "period_to", postgresql_where="status IN ('opening', 'open')"),
    )

    id: Mapped[Id]
    cause: Mapped[str]
    origin: Mapped[UUID]
    """The event that set it off; its own id where a period did."""
    year: Mapped[int]
    version: Mapped[int | None]
    """None of the pack's plan, while no version of the year is issued."""
    code: Mapped[str]
    """The duty's number in its version: `4.1`."""
    duty_kind: Mapped[str]
    status: Mapped[str]
    period_from: Mapped[date]
    """The first day of the period, or the day of the event."""
    period_to: Mapped[date]
    due_at: Mapped[datetime]
    least: Mapped[int | None]
    begun_on: Mapped[date | None]
    """The day whose units and groups are meant: of the event, or of the first chunk."""
    only: Mapped[list[str] | None]
    """Whom of those meant a person picked; None for everybody."""
    reason: Mapped[str | None]
    """What happened, in the words of whoever said so; None where a fact did."""
    told_by: Mapped[str | None]
    stage: Mapped[int] = mapped_column(server_default="0")
    """0 while units are opened, then the number of the group of enterprises."""
    after: Mapped[str] = mapped_column(server_default="")
    """The last enterprise of the group that was opened."""
    opened: Mapped[int] = mapped_column(server_default="0")
    """For how many subjects it was opened; once it ended, with those who came while it ran."""
    told: Mapped[int] = mapped_column(server_default="0")
    """How many of them were told of."""
    overdue: Mapped[int] = mapped_column(server_default="0")
    """How many of them had not done it when the period ended."""
    opened_at: Mapped[datetime | None]
    """When the last of them was opened."""
    ended_at: Mapped[datetime | None]

    @property
    def duty(self) -> str:
        """How an obligation names the duty: `2023/4.1`."""
        return f"{self.year}/{self.code}"
