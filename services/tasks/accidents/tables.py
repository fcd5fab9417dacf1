"""The service's own copy of accidents, fed by what incidents tells."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base


class Accident(Base):
    """What tasks needs to know of an accident to open duties again when its grade moves."""

    __tablename__ = "accident"
    __table_args__ = (
        Index("ix_accident_happened_at", "happened_at"),
        Index("ix_accident_graver", "happened_at", postgresql_where="grade <> 'general'"),
    )

    accident_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    region_code: Mapped[str]
    enterprise_uscc: Mapped[str | None]
    industry: Mapped[str | None]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    grade: Mapped[str]
    investigating_unit: Mapped[str]
    investigation_generation: Mapped[int] = mapped_column(server_default="1")
    """1, and one more with each reopening."""
    investigation_due_at: Mapped[datetime | None]
    """As incidents told it last; None while it is what the law gives at first."""
    investigation_stands: Mapped[bool] = mapped_column(server_default="false")
    """Whether no limit of the investigation runs now."""
    merged_into: Mapped[UUID | None]
    """The accident it turned out to be; it counts as that one."""
    struck_off_at: Mapped[datetime | None]
    """Since when it is no production-safety accident (核销)."""
    told_harmed: Mapped[bool | None]
    """Whether anybody was harmed, as told while it was struck off; None where nothing was told
    then that asks for duties."""
    told_published_on: Mapped[date | None]
    """When its investigation was published, where that was told while it was struck off."""
    left_out: Mapped[bool] = mapped_column(server_default="false")
    """Whether it is too slight to be counted, as incidents told it last."""


class AccidentFinding(Base):
    """How the report of an accident fell short, as firmly as it stands."""

    __tablename__ = "accident_finding"
    __table_args__ = (
        Index("ix_accident_finding_accident_id", "accident_id"),
        Index("ix_accident_finding_stated_at", "stated_at"),
    )

    finding_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.accident_id))
    kind: Mapped[str]
    status: Mapped[str]
    stated_at: Mapped[datetime]
    """Since when it stands as it does."""
