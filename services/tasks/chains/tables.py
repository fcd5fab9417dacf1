"""The service's own copy of the enterprises, fed by what inspections tells."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base
from services.tasks.organisations.tables import Dated


class Registered:
    """What tasks needs to know of an enterprise."""

    uscc: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str]
    region_code: Mapped[str]
    """The park where it lies in one, else the county."""
    industry: Mapped[str]
    sector: Mapped[str]
    """The field of supervision that answers for it."""
    high_risk: Mapped[bool]
    risk_class: Mapped[str | None]
    groups: Mapped[list[str]] = mapped_column(server_default="{}")
    """What groups of enterprises in a plan go by: above_scale, in_park."""

    @property
    def enterprise_uscc(self) -> str:
        """Itself, to the policy table."""
        return self.uscc


class Enterprise(Registered, Base):
    """An enterprise as it is now: what opens duties for all of them reads these alone."""

    __tablename__ = "enterprise"
    __table_args__ = (Index("ix_enterprise_region_code", "region_code"),)

    told_at: Mapped[datetime]


class Entry(Dated, Registered, Base):
    """An enterprise's entry in the registry, as it is from one day on.

    A change closes a row and opens the next. One that stood before entries were kept, and had
    been told more than once by then, holds from 1900: nothing older is known.
    """

    __tablename__ = "enterprise_entry"
    __table_args__ = (
        Index(
            "uq_enterprise_entry_current",
            "uscc",
            unique=True,
            postgresql_where="effective_to IS NULL",
        ),
        Index("ix_enterprise_entry_region_code", "region_code"),
    )

    effective_from: Mapped[date] = mapped_column(primary_key=True)
