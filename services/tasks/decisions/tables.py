"""Decisions on who leads. A decision ends by revocation; it is never changed.

They are published: whoever is signed in may read them.
"""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.organisations.tables import Dated


class ChainDecision(Dated, Base):
    """A kind of business is led, in a place, as a field of the pack is."""

    __tablename__ = "chain_decision"
    __table_args__ = (Index("ix_chain_decision_business", "business"),)

    id: Mapped[Id]
    business: Mapped[str]
    """What it is found by: see `domain.business_of`."""
    name: Mapped[str]
    about: Mapped[str]
    region_code: Mapped[str]
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Every place in which it holds."""
    field: Mapped[str]
    lead: Mapped[str | None]
    """The one unit that leads, where the field has several."""
    likened_to: Mapped[str | None]
    score: Mapped[int | None]
    """How like, 0 to 100; None where it was decided without a proposal."""
    reason: Mapped[str]
    document: Mapped[str | None]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
    revocation: Mapped[str | None]
    """Why it was revoked."""
