"""Objections to scores, and what was ruled."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.rankings.tables import Ranking
from services.tasks.scores.tables import ScoreLine


class ScoreObjection(Base):
    """A unit says that a line of its score, or its rank, is wrong."""

    __tablename__ = "score_objection"
    __table_args__ = (
        Index("ix_score_objection_ranking_id", "ranking_id"),
        Index(
            "uq_score_objection_made",
            "ranking_id",
            "unit",
            "line_id",
            unique=True,
            postgresql_where="status = 'made'",
        ),
        Index("ix_score_objection_office", "office", "due_at", postgresql_where="status = 'made'"),
    )

    id: Mapped[Id]
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey(Ranking.id))
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey(ScoreLine.id))
    """None where the rank as such is objected to."""
    region_code: Mapped[str]
    unit: Mapped[str]
    status: Mapped[str]
    grounds: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    office: Mapped[str]
    """Who rules on it."""
    due_at: Mapped[datetime]
    """By when it is ruled on."""
    overdue_at: Mapped[datetime | None]
    """When it was found that nobody had ruled on it by then."""
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    """What the figure is, as ruled."""
    ruling: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    new_line_id: Mapped[UUID | None] = mapped_column(ForeignKey(ScoreLine.id))
    new_ranking_id: Mapped[UUID | None] = mapped_column(ForeignKey(Ranking.id))
