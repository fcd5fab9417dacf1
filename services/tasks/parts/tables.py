"""The parts of shared obligations, what was done with them, and who held the work when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.domain import PartRole, PartStatus, Share
from services.tasks.parts.domain_delays import Hold as Held


class Part(Base):
    """What one unit has to do of an obligation that several share."""

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("obligation_id", "unit"),
        Index("ix_part_unit", "unit", "opened_at", "id"),
        Index("ix_part_origin", "origin"),
        # What a unit still has to do of others' duties: digests and feeds read only that.
        Index("ix_part_working_unit", "unit", postgresql_where="status IN ('open', 'returned')"),
    )

    id: Mapped[Id]
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey(Obligation.id))
    origin: Mapped[UUID]
    """That of the obligation: the opening of a period, or the event that set the duty off."""
    region_code: Mapped[str]
    """That of the obligation, so that who may review it sees all of its parts."""
    units: Mapped[list[str]]
    """All who share it: each sees how far the others are."""
    unit: Mapped[str]
    role: Mapped[str]
    status: Mapped[str]
    opened_at: Mapped[datetime]
    handed_in_by: Mapped[str | None]
    overdue_at: Mapped[datetime | None]
    """When the unit was told that it holds the work past the deadline: once."""
    objected_at: Mapped[datetime | None]
    """When the unit objected to it, until that is decided on."""
    own_due_at: Mapped[datetime | None]
    """A later deadline than that of the whole, if an objection gave it one."""
    closed_at: Mapped[datetime | None]

    obligation: Mapped[Obligation] = relationship(lazy="raise_on_sql", viewonly=True)
    """The whole; whoever shows a part has read it."""

    @property
    def duty(self) -> str:
        """What is asked, as the whole says it."""
        return self.obligation.duty

    @property
    def due_at(self) -> datetime:
        """When the whole is due, and each part of it that was given no more time."""
        return self.due_with(self.obligation)

    @property
    def stopped_at(self) -> datetime | None:
        """Since when its clock stands still, or that of the whole."""
        stands = (self.objected_at, self.obligation.stopped_at)
        return min((at for at in stands if at is not None), default=None)

    def due_with(self, whole: Obligation) -> datetime:
        """When it is due, as its whole stands."""
        return max(whole.due_at, self.own_due_at or whole.due_at)

    @property
    def share(self) -> Share:
        """As it stands."""
        return Share(
            unit=self.unit,
            role=PartRole(self.role),
            status=PartStatus(self.status),
            objected=self.objected_at is not None,
        )


class PartEntry(Base):
    """One step taken with a part, with what proves it. Never changed."""

    __tablename__ = "part_entry"
    __table_args__ = (
        Index("ix_part_entry_part_id", "part_id", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    part_id: Mapped[UUID] = mapped_column(ForeignKey(Part.id))
    region_code: Mapped[str]
    units: Mapped[list[str]]
    action: Mapped[str]
    status: Mapped[str]
    note: Mapped[str | None]
    files: Mapped[list[str]]
    """SHA-256 of each file that proves it."""
    evidence_id: Mapped[UUID | None]
    """Evidence of the obligation that this hands in, if any."""
    made_by: Mapped[str]
    unit: Mapped[str | None]
    """The unit of whoever took the step."""
    at: Mapped[datetime]


class PartHold(Base):
    """That a unit, or the reviewer, held the work of a shared obligation for a while."""

    __tablename__ = "part_hold"
    __table_args__ = (
        Index("ix_part_hold_obligation_id", "obligation_id", "since"),
        Index(
            "uq_part_hold_current",
            "obligation_id",
            "holder",
            unique=True,
            postgresql_where="until IS NULL",
        ),
    )

    id: Mapped[Id]
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey(Obligation.id))
    region_code: Mapped[str]
    units: Mapped[list[str]]
    holder: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    own_due_at: Mapped[datetime | None]
    """That of the part when it was taken up; kept, whoever has the part since."""

    @property
    def held(self) -> Held:
        """The same for counting."""
        return Held(
            holder=self.holder, since=self.since, until=self.until, own_due_at=self.own_due_at
        )
