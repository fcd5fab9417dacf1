"""Bulletins as they were issued."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.base import Base


class Bulletin(Base):
    """A month's bulletin of a place with the analysis it was made from. Never changed."""

    __tablename__ = "bulletin"
    __table_args__ = (
        UniqueConstraint("region_code", "month", "edition"),
        UniqueConstraint("region_code", "year", "number"),
        {"info": {"append_only": True}},
    )

    region_code: Mapped[str] = mapped_column(sort_order=-1)
    id: Mapped[Id]
    month: Mapped[date]
    edition: Mapped[int]
    """1, and one more with each correction."""
    year: Mapped[int]
    number: Mapped[int]
    """Its running number in the year."""
    analysis: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str]
    unit: Mapped[str | None]
