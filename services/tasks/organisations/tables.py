"""Units and posts. A change closes a row and opens the next; nothing is overwritten.

Anybody signed in may read these: who answers for what is public by law.
"""

from datetime import date

from sqlalchemy import ARRAY, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.base import Base
from services.tasks.organisations.domain_periods import Period


class Dated:
    """A row that holds from a day to a day."""

    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    """The last day on which it is so; None while it holds."""

    @property
    def period(self) -> Period:
        """The days on which it holds."""
        return Period(first=self.effective_from, last=self.effective_to)


class Unit(Dated, Base):
    """A unit of the responsibility chain, as it is from one day on."""

    __tablename__ = "unit"
    __table_args__ = (
        Index("uq_unit_current", "code", unique=True, postgresql_where="effective_to IS NULL"),
        Index("ix_unit_region_code", "region_code"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    region_code: Mapped[str]
    level: Mapped[str]
    kind: Mapped[str]
    roles: Mapped[tuple[str, ...] | None] = mapped_column(ARRAY(Text, as_tuple=True))
    """By which groups plans may mean it; None where the packs say so."""


class Post(Dated, Base):
    """A post of a unit, as it is from one day on; never who holds it."""

    __tablename__ = "post"
    __table_args__ = (
        Index("uq_post_current", "code", unique=True, postgresql_where="effective_to IS NULL"),
        Index("ix_post_unit", "unit"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    unit: Mapped[str]
    kind: Mapped[str]
    label_zh: Mapped[str]
    label_en: Mapped[str]
    email: Mapped[str | None]
    telephone: Mapped[str | None]
    """An office's line; a person's own number is no post's."""
