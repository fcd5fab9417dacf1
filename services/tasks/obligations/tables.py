"""Obligations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from reference.terms import DutyKind
from services.tasks.base import Base


class Obligation(Base):
    """What one unit or enterprise has to do because of one event, or in one period, by when."""

    __tablename__ = "obligation"
    __table_args__ = (
        # One live occurrence per event, duty and subject, however often the event is told.
        Index(
            "uq_obligation_live",
            "origin",
            "duty",
            "subject",
            unique=True,
            postgresql_where="status <> 'superseded'",
        ),
        Index("ix_obligation_unit", "unit", "due_at", "id", postgresql_where="unit IS NOT NULL"),
        Index(
            "ix_obligation_enterprise",
            "enterprise_uscc",
            "due_at",
            "id",
            postgresql_where="enterprise_uscc IS NOT NULL",
        ),
        Index("ix_obligation_due", "due_at", "id"),
        # What is still to be done stands behind years of what was done.
        Index(
            "ix_obligation_live_due",
            "due_at",
            "id",
            postgresql_where="status IN ('open', 'submitted', 'returned')",
        ),
        # What a unit owes is few among all that it ever owed: digests and feeds read only that.
        Index(
            "ix_obligation_live_unit",
            "unit",
            "due_at",
            postgresql_where="unit IS NOT NULL AND status IN ('open', 'submitted', 'returned')",
        ),
        Index(
            "ix_obligation_live_enterprise",
            "enterprise_uscc",
            "due_at",
            postgresql_where="enterprise_uscc IS NOT NULL"
            " AND status IN ('open', 'submitted', 'returned')",
        ),
        # A county's list must not look through the rows of the whole city for its own, which come
        # last while everybody's duties are opened county by county.
        Index("ix_obligation_region", "region_code", "due_at", "id"),
        Index(
            "ix_obligation_live_region",
            "region_code",
            "due_at",
            "id",
            postgresql_where="status IN ('open', 'submitted', 'returned')",
        ),
        Index("ix_obligation_submitted", "region_code", postgresql_where="status = 'submitted'"),
        CheckConstraint("num_nonnulls(unit, enterprise_uscc) = 1", name="one_subject"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    status: Mapped[str]
    origin: Mapped[UUID]
    """What asks for it: an accident, or the opening of one period of a duty of a plan."""
    cause: Mapped[str]
    """Which fact about the event asks for it; a later fact of that sort replaces it."""
    duty_kind: Mapped[str] = mapped_column(server_default=DutyKind.EVENT_TRIGGERED)
    """How it is counted whether it was done."""
    duty: Mapped[str]
    """What is asked: `relay:<hop>`, `attendance`, `investigation`, or `2023/9.2` of a plan."""
    subject: Mapped[str]
    """The unit or the enterprise, whichever has to act."""
    unit: Mapped[str | None]
    enterprise_uscc: Mapped[str | None]
    region_code: Mapped[str]
    rule: Mapped[str]
    """The version of the rule or plan it was opened under."""
    due_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    """Since when its clock stands still; None while it runs."""
    overdue_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    released_for: Mapped[str | None]
    """Why nobody owes it any more, of what was released; None of everything else."""
    inherits: Mapped[UUID | None]
    """The obligation of a unit that ended, which this one of its heir goes on with."""
    plan_version: Mapped[int | None]
    """The version of the plan that asks for it; None where no plan does."""
    period_from: Mapped[date | None]
    """The days on which it can be done; None of what an event asks, which is due from then on."""
    period_to: Mapped[date | None]
    least: Mapped[int | None]
    """How often it must be done; None where a figure is held against a target."""
    credited: Mapped[int] = mapped_column(server_default="0")
    """How often it was, by accepted evidence."""
    waiting: Mapped[int] = mapped_column(server_default="0")
    """How much of what was handed in waits for a reviewer."""
    parts_open: Mapped[int] = mapped_column(server_default="0")
    """How many units that share it have not done their part."""
