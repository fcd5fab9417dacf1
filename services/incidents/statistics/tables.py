"""Counted accidents and cases, their sums, figures from outside, frozen bases, bulletins."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.incidents.accidents.tables import LOSS, Accident
from services.incidents.base import Base, Placed
from services.incidents.statistics.domain import Contribution, Measures, Standing

SUM = Numeric(18, 4)


class CountedAccident(Placed, Base):
    """What an accident adds to the sums now; `region_code` is the county of the statistics."""

    __tablename__ = "counted_accident"
    __table_args__ = (
        Index("ix_counted_accident_month", "month", "region_code"),
        Index("ix_counted_accident_left", "month", postgresql_where=text("standing <> 'counted'")),
    )

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    park_code: Mapped[str]
    month: Mapped[date]
    industry: Mapped[str]
    accident_type: Mapped[str]
    grade: Mapped[str]
    deaths: Mapped[int]
    serious_injuries: Mapped[int]
    direct_loss_wan: Mapped[Decimal] = mapped_column(LOSS)
    standing: Mapped[str]
    standing_since: Mapped[datetime]
    """Since when it counts, or does not."""
    counted_at: Mapped[datetime]
    """When it first entered the counts, or again after it had been too slight for them."""
    frozen_deaths: Mapped[int | None]
    """Its deaths in the frozen base of the year after; None when it is in none."""

    @property
    def contribution(self) -> Contribution:
        """What it adds."""
        return Contribution(
            region_code=self.region_code,
            park_code=self.park_code,
            month=self.month,
            industry=self.industry,
            accident_type=self.accident_type,
            grade=self.grade,
            deaths=self.deaths,
            serious_injuries=self.serious_injuries,
            direct_loss_wan=self.direct_loss_wan,
            standing=Standing(self.standing),
        )


CONTRIBUTED = (
    "region_code",
    "park_code",
    "month",
    "industry",
    "accident_type",
    "grade",
    "deaths",
    "serious_injuries",
    "direct_loss_wan",
    "standing",
)


class Statistic(Base):
    """Sums of accidents under one key; see `domain.Shape`. Kept by handlers, equal to a recount."""

    __tablename__ = "statistic"

    shape: Mapped[str] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    park_code: Mapped[str] = mapped_column(primary_key=True)
    industry: Mapped[str] = mapped_column(primary_key=True)
    accident_type: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(primary_key=True)
    standing: Mapped[str] = mapped_column(primary_key=True)
    accidents: Mapped[int]
    graver: Mapped[int]
    deaths: Mapped[int]
    serious_injuries: Mapped[int]
    direct_loss_wan: Mapped[Decimal] = mapped_column(SUM)

    @property
    def measures(self) -> Measures:
        """Its sums."""
        return Measures(**{name: getattr(self, name) for name in MEASURES})


MEASURES = ("accidents", "graver", "deaths", "serious_injuries", "direct_loss_wan")


class CountedCase(Placed, Base):
    """A case that has a last day and counts: what it adds to `ClosureSum` now."""

    __tablename__ = "counted_case"
    __table_args__ = (Index("ix_counted_case_month", "month"),)

    accident_id: Mapped[UUID] = mapped_column(ForeignKey(Accident.id), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    park_code: Mapped[str]
    month: Mapped[date]
    """That of its last day."""
    closed: Mapped[bool]
    """Approved by its last day."""


class ClosureSum(Base):
    """How many cases had their last day in a month, and how many were closed by it (按期结案)."""

    __tablename__ = "closure_sum"

    region_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    park_code: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[int]
    closed: Mapped[int]


class StatedFigure(Base):
    """A figure that others publish, with its source; a correction is a further version."""

    __tablename__ = "stated_figure"
    __table_args__ = (
        Index("uq_stated_figure", "region_code", "kind", "month", "version", unique=True),
        {"info": {"append_only": True}},
    )

    region_code: Mapped[str] = mapped_column(sort_order=-1)
    id: Mapped[Id]
    kind: Mapped[str]
    month: Mapped[date]
    """The figure covers the year up to the end of this month."""
    version: Mapped[int]
    value: Mapped[Decimal] = mapped_column(SUM)
    source: Mapped[str]
    published_on: Mapped[date | None]
    stated_at: Mapped[datetime]
    stated_by: Mapped[str]
    unit: Mapped[str | None]


class FrozenBase(Base):
    """The counts of the year before, as they stood when a year's targets began. Never changed."""

    __tablename__ = "frozen_base"
    __table_args__ = ({"info": {"append_only": True}},)

    region_code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    accidents: Mapped[int]
    deaths: Mapped[int]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str]


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
