"""Accidents as they are searched. Kept after the commit, from the service's own facts.

An index for full text cannot be used here: behind row-level security the server only lets
leakproof comparisons choose rows, and matching a tsvector is none. Equality of text is one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.accidents.tables import Accident
from services.incidents.base import Base, Placed


class SearchText(Placed, Base):
    """All that is searched of one accident, in its normal form."""

    __tablename__ = "search_text"
    __table_args__ = (
        Index("ix_search_text_region_code", "region_code", "occurred_at", "accident_id"),
        Index("ix_search_text_enterprise_uscc", "enterprise_uscc", "occurred_at", "accident_id"),
    )

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    occurred_at: Mapped[datetime]
    text: Mapped[str]


class SearchGram(Base):
    """A pair of letters in an accident's text; in order of time inside a pair and a division.

    The division stands in the key: what an actor may not see is never walked through. All of
    a row stands there, so the index alone is read. An enterprise searches its few texts
    themselves, and sees none of this.
    """

    __tablename__ = "search_gram"

    gram: Mapped[str] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(primary_key=True)
    accident_id: Mapped[UUID] = mapped_column(primary_key=True)
