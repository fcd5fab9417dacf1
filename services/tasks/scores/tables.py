"""Lines of the ledger, their sums, and the runs that write them.

Units are measured, never people or enterprises: what stands here is published, so anybody
signed in whom the policies let may read it wherever it stands.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from kernel.calendar import Cadence
from kernel.db import Id
from services.tasks.base import Base
from services.tasks.indicators.domain import Period

POINTS = Numeric(12, 2)


class OfPeriod:
    """A row about a period of a rhythm."""

    cadence: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]

    @property
    def period(self) -> Period:
        """The days it is about."""
        return Period(cadence=Cadence(self.cadence), first=self.first, last=self.last)


class ScoreRun(OfPeriod, Base):
    """Computing one period for every group, some subjects at a time."""

    __tablename__ = "score_run"
    __table_args__ = (Index("ix_score_run_period", "cadence", "first", "id"),)

    id: Mapped[Id]
    status: Mapped[str]
    as_of: Mapped[datetime]
    """What is not due by then is in no figure."""
    done_through: Mapped[str | None]
    """The last subject that was computed; the next piece begins behind it."""
    subjects: Mapped[int]
    added: Mapped[int]
    """Lines written, reversals among them."""
    digest: Mapped[str]
    """Over everything computed so far, in order: the same inputs give the same."""
    ordered_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ScoreLine(OfPeriod, Base):
    """Points of one unit under one indicator in one period. Never changed: reversed instead."""

    __tablename__ = "score_line"
    __table_args__ = (
        UniqueConstraint("cadence", "first", "subject", "group_code", "indicator", "sequence"),
        Index("ix_score_line_subject", "subject", "last", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    group_code: Mapped[str]
    subject: Mapped[str]
    region_code: Mapped[str]
    indicator: Mapped[str]
    rule: Mapped[str]
    """The version of the indicator it was computed under."""
    sequence: Mapped[int]
    """1, and one more with each further line about the same."""
    kind: Mapped[str]
    reverses: Mapped[UUID | None] = mapped_column(ForeignKey("score_line.id"))
    sign: Mapped[int] = mapped_column(SmallInteger)
    """1, or -1 of a reversal, whose points and weight are those it takes back."""
    numerator: Mapped[int]
    denominator: Mapped[int]
    value: Mapped[Decimal | None] = mapped_column(POINTS)
    points: Mapped[Decimal | None] = mapped_column(POINTS)
    """None where nothing could be measured."""
    weight: Mapped[Decimal | None] = mapped_column(POINTS)
    """What the points are out of; None of points that are given or taken for each."""
    arithmetic: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    as_of: Mapped[datetime]
    run_id: Mapped[UUID | None]
    written_at: Mapped[datetime]
    written_by: Mapped[str]


class ScoreItems(Base):
    """All that a line counted when it was computed. Never changed: as the line is not.

    A list a line, not a row an item: a city's year counts millions of duties in five rhythms.
    """

    __tablename__ = "score_items"
    __table_args__ = ({"info": {"append_only": True}},)

    line_id: Mapped[UUID] = mapped_column(ForeignKey(ScoreLine.id), primary_key=True)
    items: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Obligations, evidence, dispatches or accidents, by what the figure counts; in order."""
    in_numerator: Mapped[list[bool]] = mapped_column(ARRAY(Boolean))
    in_denominator: Mapped[list[bool]] = mapped_column(ARRAY(Boolean))
    digest: Mapped[str | None]
    """The same as in the evidence of the line."""


class ScoreSum(OfPeriod, Base):
    """The sums of a unit's lines in a period. Kept with the lines, equal to a recount of them."""

    __tablename__ = "score_sum"

    cadence: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    group_code: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[date]
    region_code: Mapped[str]
    earned: Mapped[Decimal] = mapped_column(POINTS)
    weight: Mapped[Decimal] = mapped_column(POINTS)
    taken_off: Mapped[Decimal] = mapped_column(POINTS)
    measured: Mapped[int]
    """Lines that could be measured."""
    unmeasured: Mapped[int]
