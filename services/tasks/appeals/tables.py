"""Appeals against obligations, and what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.tables import Part


class Appeal(Base):
    """A subject says that an obligation is not theirs, cannot be met, or is due at a wrong time.

    Or a unit says so of its part. One for each obligation and for each part: what was refused
    once is not asked again.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        Index("uq_appeal_whole", "obligation_id", unique=True, postgresql_where="part_id IS NULL"),
        Index("uq_appeal_part_id", "part_id", unique=True),
        Index("ix_appeal_office", "office", "due_at", postgresql_where="status = 'made'"),
    )

    id: Mapped[Id]
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey(Obligation.id))
    part_id: Mapped[UUID | None] = mapped_column(ForeignKey(Part.id))
    """The part that is objected to; None where it is the whole."""
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    unit: Mapped[str | None]
    subject: Mapped[str]
    ground: Mapped[str]
    why: Mapped[str]
    status: Mapped[str]
    stood: Mapped[bool]
    """Whether the clock stood still already."""
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    office: Mapped[str | None]
    """Who decides; None where the packs know no office that may."""
    due_at: Mapped[datetime | None]
    """By when the office decides."""
    overdue_at: Mapped[datetime | None]
    """When it was found that nobody had decided by then."""
    due_before: Mapped[datetime]
    due_after: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]
