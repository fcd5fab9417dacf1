"""Drafts of plans with their text, articles, proposed duties, doubts, and every correction."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Id
from services.tasks.base import Base
from services.tasks.drafts.domain import DraftStatus, DutyStatus, FlagStatus
from services.tasks.drafts.domain_parts import FlagKind, Span


class Draft(Base):
    """A plan as published, being read. The text is kept as it was, whatever is corrected."""

    __tablename__ = "plan_draft"
    __table_args__ = (
        Index("ix_plan_draft_region_code", "region_code", "made_at", "id"),
        Index("ix_plan_draft_source", "year", "source_sha256"),
    )

    id: Mapped[Id]
    region_code: Mapped[str]
    unit: Mapped[str]
    """The unit that works on it: the office of the city's committee, whoever handed it in."""
    year: Mapped[int]
    title: Mapped[str]
    status: Mapped[str]
    source_kind: Mapped[str]
    source_sha256: Mapped[str]
    """Of the document as it was handed in."""
    text: Mapped[str]
    """The normalised text that every span counts in. Never changed."""
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    version: Mapped[int | None]
    """The version of the year's plan that it became."""

    @property
    def stands(self) -> DraftStatus:
        """Its state."""
        return DraftStatus(self.status)


class DraftArticle(Base):
    """An article as read, and whom its brackets name."""

    __tablename__ = "plan_draft_article"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    region_code: Mapped[str]
    label: Mapped[str]
    section: Mapped[int]
    title: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    title_start: Mapped[int]
    title_end: Mapped[int]
    allocations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """As read, each with `lead` and `supporting`: name, place, and code where one is known."""


class DraftDuty(Base):
    """A duty as proposed or corrected; of article 0 a goal, which nobody has by name."""

    __tablename__ = "plan_draft_duty"
    __table_args__ = (UniqueConstraint("draft_id", "article", "position"),)

    id: Mapped[Id]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id))
    region_code: Mapped[str]
    article: Mapped[int]
    position: Mapped[int]
    status: Mapped[str]
    revision: Mapped[int]
    """1, and one more with each correction: who corrects says which one they saw."""
    split_from: Mapped[UUID | None]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    reworded: Mapped[bool]
    """Whether a person wrote the text: settling a doubt no longer touches it."""
    text_en: Mapped[str | None]
    kind: Mapped[str]
    metric: Mapped[str | None]
    subjects: Mapped[list[str]]
    allocation: Mapped[int | None]
    lead: Mapped[list[str]]
    supporting: Mapped[list[str]]
    reassigned: Mapped[bool]
    """Whether a person named its units: settling a doubt no longer touches them."""
    cadence: Mapped[str | None]
    least: Mapped[int | None]
    comparator: Mapped[str | None]
    target: Mapped[str | None]
    unit: Mapped[str | None]
    trigger: Mapped[str | None]
    condition: Mapped[str | None]
    within_days: Mapped[int | None]
    """How many days after what sets it off, as the text says or else a like duty has it."""
    due_on: Mapped[date | None]

    @property
    def stands(self) -> DutyStatus:
        """Its state."""
        return DutyStatus(self.status)

    @property
    def span(self) -> Span:
        """Its place in the draft's text."""
        return Span(self.start, self.end)


class DraftFlag(Base):
    """A doubt about a place of the text."""

    __tablename__ = "plan_draft_flag"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)

    id: Mapped[Id]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id))
    region_code: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    excerpt: Mapped[str]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
    candidates: Mapped[list[str]]
    status: Mapped[str]
    resolution: Mapped[str | None]
    correction: Mapped[str | None]
    """The words that count instead."""
    units: Mapped[list[str]]
    """Whom a name means, or who answers for an article."""
    note: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]

    @property
    def stands(self) -> FlagStatus:
        """Its state."""
        return FlagStatus(self.status)

    @property
    def sort(self) -> FlagKind:
        """Why it was raised."""
        return FlagKind(self.kind)

    @property
    def span(self) -> Span:
        """Its place in the draft's text."""
        return Span(self.start, self.end)


class DraftChange(Base):
    """One correction by a person: what was before and after. Never changed."""

    __tablename__ = "plan_draft_change"
    __table_args__ = (
        Index("ix_plan_draft_change_draft_id", "draft_id", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id))
    region_code: Mapped[str]
    at: Mapped[datetime]
    made_by: Mapped[str]
    action: Mapped[str]
    duty_id: Mapped[UUID | None]
    flag_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None]
