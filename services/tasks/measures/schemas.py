"""How the standing of a measured duty is shown."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from reference.terms import DutyKind
from services.tasks.figures.schemas import FigureView
from services.tasks.measures.domain import Reason, Verdict
from services.tasks.measures.queries import Shown
from services.tasks.measures.queries_goals import Goal

_FOUR_PLACES = Decimal("0.0001")


class Value(BaseModel):
    """An exact number, and the same to four places for reading."""

    numerator: int
    denominator: int
    decimal: Decimal

    @classmethod
    def of(cls, value: Fraction) -> Self:
        """An exact number as it is shown."""
        shown = Decimal(value.numerator) / value.denominator
        return cls(
            numerator=value.numerator,
            denominator=value.denominator,
            decimal=shown.quantize(_FOUR_PLACES, rounding=ROUND_HALF_UP),
        )


class Words(BaseModel):
    """Why there is no value, in both languages."""

    code: Reason
    zh: str
    en: str


class StandingView(BaseModel):
    """How a measured duty stands as at a day."""

    model_config = ConfigDict(frozen=True)

    obligation_id: UUID
    on: date
    final: bool = Field(description="Whether the period is over")
    duty: str
    duty_kind: DutyKind
    metric: str
    told_by: str = Field(description="Which facts make the figure")
    rule: str
    comparator: str | None
    target: str | None
    verdict: Verdict
    verdict_zh: str
    value: Value | None = Field(description="Null where there is none: 0/0, or a base of zero")
    reason: Words | None = Field(description="Why there is no value")
    count: int | None
    numerator: int | None
    denominator: int | None = Field(description="What had fallen due by that day")
    base: int | None = Field(description="Of a reduction: what the year before had, as frozen")
    breach: FigureView | None = Field(description="The first fact that broke a prohibition")

    @classmethod
    def of(cls, obligation_id: UUID, duty: str, shown: Shown) -> Self:
        """How it is shown."""
        found, known, asked = shown.standing, shown.known, shown.measured
        reason = found.reason
        return cls(
            obligation_id=obligation_id,
            on=shown.on,
            final=shown.final,
            duty=duty,
            duty_kind=asked.kind,
            metric=asked.duty.metric,
            told_by=asked.rule.told_by,
            rule=asked.rule.rule,
            comparator=shown.target.comparator if shown.target else asked.duty.comparator,
            target=str(shown.target.number) if shown.target else asked.duty.target,
            verdict=found.verdict,
            verdict_zh=found.verdict.zh,
            value=None if found.value is None else Value.of(found.value),
            reason=Words(code=reason, zh=reason.zh, en=reason.en) if reason else None,
            count=known.count,
            numerator=known.numerator,
            denominator=known.denominator,
            base=known.base,
            breach=FigureView.model_validate(shown.breach) if shown.breach else None,
        )


class GoalView(BaseModel):
    """A goal of the plan that no subject has by name, and the city's own figure."""

    model_config = ConfigDict(frozen=True)

    duty: str
    duty_kind: DutyKind
    text_zh: str
    text_en: str | None
    metric: str
    on: date
    told_by: str = Field(description="Which facts make the figure")
    rule: str
    comparator: str | None
    target: str | None
    verdict: Verdict
    verdict_zh: str
    value: Value | None = Field(description="Null where there is no figure")
    reason: Words | None = Field(description="Why there is no value")
    count: int | None = Field(description="Null where nothing counts it")
    numerator: int | None
    denominator: int | None
    base: int | None = Field(description="Of a reduction: what the year before had, as frozen")

    @classmethod
    def of(cls, goal: Goal) -> Self:
        """How it is shown."""
        asks, found, known = goal.asks, goal.standing, goal.known
        reason = found.reason
        return cls(
            duty=f"{goal.year}/{asks.code}",
            duty_kind=DutyKind(asks.kind),
            text_zh=asks.text_zh,
            text_en=asks.text_en,
            metric=asks.metric,
            on=goal.on,
            told_by=goal.rule.told_by,
            rule=goal.rule.rule,
            comparator=asks.comparator,
            target=asks.target,
            verdict=found.verdict,
            verdict_zh=found.verdict.zh,
            value=None if found.value is None else Value.of(found.value),
            reason=Words(code=reason, zh=reason.zh, en=reason.en) if reason else None,
            count=known.count,
            numerator=known.numerator,
            denominator=known.denominator,
            base=known.base,
        )
