"""Cards, every step taken with them, and the units that are listed because of one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.cards.domain import CardStatus


class CardRow(Base):
    """A card of a unit for a year of the assessment."""

    __tablename__ = "card"
    __table_args__ = (
        Index(
            "uq_card_standing",
            "unit",
            "kind",
            "year",
            unique=True,
            postgresql_where="status NOT IN ('withdrawn', 'declined', 'lifted')",
        ),
        Index("ix_card_year", "year", "unit"),
        Index("ix_card_accidents", "accidents", postgresql_using="gin"),
    )

    id: Mapped[Id]
    region_code: Mapped[str]
    unit: Mapped[str]
    group_code: Mapped[str]
    kind: Mapped[str]
    year: Mapped[int]
    status: Mapped[str]
    threshold: Mapped[str]
    rule: Mapped[str]
    """The version of the threshold that was crossed."""
    confirmed: Mapped[bool]
    """False where a person has to confirm the threshold itself first."""
    cause_zh: Mapped[str]
    cause_en: Mapped[str]
    accidents: Mapped[list[str]]
    """Those that crossed it, by id; none of a card that rests on what an office stated."""
    proposed_at: Mapped[datetime]
    noticed_at: Mapped[datetime | None]
    noticed_by: Mapped[str | None]
    reply_due_at: Mapped[datetime | None]
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[str | None]
    decider: Mapped[str | None]
    """Whose turn it is to decide after the reply or without one."""
    decision_due_at: Mapped[datetime | None]
    """By when they have to."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    grounds: Mapped[str | None]
    effect_from: Mapped[date | None]
    effect_to: Mapped[date | None]
    bars_zh: Mapped[str | None]
    bars_en: Mapped[str | None]
    review_since: Mapped[datetime | None]
    """Since when what it was decided on is no longer so: a person looks at it again."""
    ended_at: Mapped[datetime | None]
    """When it was withdrawn, declined or lifted, or its effect was over."""

    @property
    def stands(self) -> CardStatus:
        """Where it stands."""
        return CardStatus(self.status)

    @property
    def is_stated(self) -> bool:
        """Whether it rests on what an office stated: no accident carries it or takes it away."""
        return not self.accidents


class CardEntry(Base):
    """One step taken with a card. Never changed."""

    __tablename__ = "card_entry"
    __table_args__ = (
        Index("ix_card_entry_card_id", "card_id", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    card_id: Mapped[UUID] = mapped_column(ForeignKey(CardRow.id))
    region_code: Mapped[str]
    at: Mapped[datetime]
    action: Mapped[str]
    status: Mapped[str]
    made_by: Mapped[str]
    note: Mapped[str | None]
    detail: Mapped[dict[str, Any]]


class ListedUnit(Base):
    """A unit that is listed (挂牌管理) in a year because of a card of the year before.

    Published for everybody signed in, so no wall stands around it.
    """

    __tablename__ = "listed_unit"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    card_id: Mapped[UUID] = mapped_column(ForeignKey(CardRow.id), primary_key=True)
    unit: Mapped[str]
    region_code: Mapped[str]
    kind: Mapped[str]
    rule: Mapped[str]
    cause_zh: Mapped[str]
    cause_en: Mapped[str]
    opened_at: Mapped[datetime]
    """The first instant of the year."""
    closed_at: Mapped[datetime | None]
    """When the card was lifted."""
