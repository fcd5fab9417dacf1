"""Verdicts: which units failed the assessment of a year, as an office stated it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.cards.tables import CardRow
from services.tasks.rankings.tables import Ranking


class Verdict(Base):
    """A unit failed a year's assessment (年度考核不合格). Never changed."""

    __tablename__ = "verdict"
    __table_args__ = (
        UniqueConstraint("ranking_id", "unit"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    ranking_id: Mapped[UUID] = mapped_column(ForeignKey(Ranking.id))
    """The version of the assessment that it is about."""
    region_code: Mapped[str]
    unit: Mapped[str]
    group_code: Mapped[str]
    year: Mapped[int]
    statement: Mapped[str]
    stated_by: Mapped[str]
    stated_at: Mapped[datetime]
    card_id: Mapped[UUID] = mapped_column(ForeignKey(CardRow.id))
    """The veto that is proposed by it."""
