"""Issued plans as rows. Anybody signed in may read them: a plan is a published document.

What is issued is frozen: the application may only add, and a trigger of the database refuses
everybody else. A change is a new version.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.calendar import Cadence
from reference.terms import DutyKind
from services.tasks.base import Base
from services.tasks.plans.domain_duties import PlanDuty

_FROZEN = {"info": {"append_only": True}}


class Plan(Base):
    """One version of the plan of a year, as issued."""

    __tablename__ = "plan"
    __table_args__ = (_FROZEN,)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, and one more with every later version of the same year."""
    title_zh: Mapped[str | None]
    issued_at: Mapped[datetime]
    articles: Mapped[int]
    duties: Mapped[int]
    goals: Mapped[int | None]
    """None of a version that was issued before goals were kept: those of the pack hold for it."""
    draft_id: Mapped[UUID | None]
    """The draft it was issued from; None for the one that came with the city's pack."""


class Article(Base):
    """An article of a plan, and who leads and supports it."""

    __tablename__ = "plan_article"
    __table_args__ = (
        ForeignKeyConstraint(["year", "version"], ["plan.year", "plan.version"]),
        _FROZEN,
    )

    year: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[int]
    title_zh: Mapped[str]
    title_en: Mapped[str | None]
    allocations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class Duty(Base):
    """What an article asks of whom, and what is counted of it."""

    __tablename__ = "plan_duty"
    __table_args__ = (
        ForeignKeyConstraint(["year", "version"], ["plan.year", "plan.version"]),
        _FROZEN,
    )

    year: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    article: Mapped[int]
    position: Mapped[int]
    kind: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str | None]
    metric: Mapped[str]
    subjects: Mapped[list[str]]
    lead: Mapped[list[str]]
    """Codes of units, or subjects such as `city:member_unit`."""
    supporting: Mapped[list[str]]
    cadence: Mapped[str | None]
    least: Mapped[int | None]
    comparator: Mapped[str | None]
    target: Mapped[str | None]
    unit: Mapped[str | None]
    """What the number counts."""
    trigger: Mapped[str | None]
    condition: Mapped[str | None]
    """The plan's own words for what sets it off."""
    within_days: Mapped[int | None]
    """How many days after what sets it off; None where neither plan nor pack says."""
    due_on: Mapped[date | None]
    source_start: Mapped[int | None]
    """Where it stands in the text of the draft, in characters."""
    source_end: Mapped[int | None]

    @property
    def asks(self) -> PlanDuty:
        """What it asks of whom."""
        return PlanDuty(
            year=self.year,
            version=self.version,
            code=self.code,
            kind=DutyKind(self.kind),
            metric=self.metric,
            subjects=tuple(self.subjects),
            lead=tuple(self.lead),
            supporting=tuple(self.supporting),
            rule=f"plan-{self.year} {self.code}@v{self.version}",
            cadence=Cadence(self.cadence) if self.cadence else None,
            least=self.least,
            due_on=self.due_on,
            trigger=self.trigger,
            within_days=self.within_days,
        )


class Goal(Base):
    """What a plan wants of the place as a whole: it is asked of nobody by name, and so of all."""

    __tablename__ = "plan_goal"
    __table_args__ = (
        ForeignKeyConstraint(["year", "version"], ["plan.year", "plan.version"]),
        _FROZEN,
    )

    year: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    """`0.1` and on."""
    position: Mapped[int]
    kind: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str | None]
    metric: Mapped[str]
    comparator: Mapped[str | None]
    target: Mapped[str | None]
    unit: Mapped[str | None]
    source_start: Mapped[int | None]
    """Where it stands in the text of the draft, in characters."""
    source_end: Mapped[int | None]
