"""Rankings and their rows. Published for everybody signed in, so no wall stands around them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.indicators import rules
from services.tasks.scores.tables import POINTS, OfPeriod


class Ranking(OfPeriod, Base):
    """One version of the ranking of a group in a period."""

    __tablename__ = "ranking"
    __table_args__ = (
        UniqueConstraint("cadence", "group_code", "first", "version"),
        UniqueConstraint("year", "cadence", "group_code", "number", "version"),
        Index(
            "uq_ranking_published",
            "cadence",
            "group_code",
            "first",
            unique=True,
            postgresql_where="status = 'published'",
        ),
    )

    id: Mapped[Id]
    region_code: Mapped[str]
    group_code: Mapped[str]
    version: Mapped[int]
    """1, and one more with each correction."""
    year: Mapped[int]
    number: Mapped[int | None]
    """Its running number in the year; of a correction that of what it corrects."""
    status: Mapped[str]
    as_of: Mapped[datetime]
    units: Mapped[int]
    unmeasured: Mapped[int]
    """Units that have no score and therefore no rank."""
    reason: Mapped[str | None]
    """Why there is a further version."""
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    objections_until: Mapped[datetime | None]


class RankingRow(Base):
    """A unit in a ranking. Never changed."""

    __tablename__ = "ranking_row"
    __table_args__ = ({"info": {"append_only": True}},)

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey(Ranking.id), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Where it is listed: by rank, those without one last."""
    subject: Mapped[str]
    region_code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    rank: Mapped[int | None]
    """Equal scores share a rank and the next is left out; None without a score."""
    tied: Mapped[bool]
    score: Mapped[Decimal | None] = mapped_column(POINTS)
    earned: Mapped[Decimal] = mapped_column(POINTS)
    weight: Mapped[Decimal] = mapped_column(POINTS)
    taken_off: Mapped[Decimal] = mapped_column(POINTS)
    unmeasured: Mapped[int]
    """Indicators without a base."""
    rank_before: Mapped[int | None]
    score_before: Mapped[Decimal | None] = mapped_column(POINTS)

    @property
    def arithmetic(self) -> str:
        """How its score follows from its sums."""
        return rules.score_steps(
            earned=self.earned, weight=self.weight, taken_off=self.taken_off, score=self.score
        )
