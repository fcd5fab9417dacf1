"""What each accident counts as now, and every decision on it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class Decided:
    """What was decided, by whom, when and on which basis."""

    status: Mapped[str]
    cause: Mapped[str | None]
    opinion: Mapped[str]
    document: Mapped[str | None]
    """The number of the document that the decision stands in."""
    basis: Mapped[str]
    """The rule it was decided by."""
    deciding_unit: Mapped[str | None]
    """Whose decision was recorded, where it is not that of the recording unit."""
    decided_by: Mapped[str]
    unit: Mapped[str | None]
    decided_at: Mapped[datetime]


class Qualification(Decided, Placed, Base):
    """What an accident counts as now. One without a row has not been qualified yet."""

    __tablename__ = "qualification"

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    version: Mapped[int]


class QualificationVersion(Decided, Placed, Base):
    """One decision on what an accident counts as. Never changed."""

    __tablename__ = "qualification_version"
    __table_args__ = ({"info": {"append_only": True}},)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
