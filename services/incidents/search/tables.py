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
    __table_args__ = (Index("ix_search_text_occurred_at", "occurred_at", "accident_id"),)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    occurred_at: Mapped[datetime]
    text: Mapped[str]


class SearchGram(Placed, Base):
    """A pair of letters that stands in an accident's text; newest first inside a pair."""

    __tablename__ = "search_gram"

    gram: Mapped[str] = mapped_column(primary_key=True)
    occurred_at: Mapped[datetime] = mapped_column(primary_key=True)
    accident_id: Mapped[UUID] = mapped_column(primary_key=True)
