"""What tasks told of leads and of units that ended. It is published: both say no more than a plan.

Whoever orders a visit must see all of it, whatever their place: the tables hold no `region_code`.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.inspections.base import Base


class DecidedLead(Base):
    """A decision on who leads a kind of business, as it was told last."""

    __tablename__ = "decided_lead"
    __table_args__ = (Index("ix_decided_lead_business", "business"),)

    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    business: Mapped[str]
    """See `reference.industries.business`."""
    region: Mapped[str]
    field: Mapped[str]
    lead: Mapped[str | None]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    """The last day on which it holds; None until it is revoked."""


class EndedUnit(Base):
    """A unit that is no more, and who goes on with what it had to do."""

    __tablename__ = "ended_unit"

    unit: Mapped[str] = mapped_column(Text, primary_key=True)
    heir: Mapped[str]
    ended_on: Mapped[date]
    """Its last day."""
