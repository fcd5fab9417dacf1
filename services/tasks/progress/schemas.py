"""How progress is shown."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.calendar import Cadence
from reference.national.evidencerows import CreditRule
from reference.terms import EvidenceKind
from services.tasks.credits.rules import Uncounted
from services.tasks.evidence.domain import EvidenceState
from services.tasks.evidence.tables import Evidence
from services.tasks.holders.schemas import HolderView
from services.tasks.holders.tables import Holding
from services.tasks.obligations.tables import Obligation
from services.tasks.progress import rules
from services.tasks.progress.rules import Outlook, Part


class PieceProgress(BaseModel):
    """A piece of evidence, and whether it counts."""

    evidence_id: UUID
    happened_on: date | None
    activity: str | None
    state: EvidenceState
    counts: bool
    why_not: Uncounted | None
    why_not_zh: str | None
    why_not_en: str | None

    @classmethod
    def of(cls, row: Evidence) -> Self:
        """One piece as it was last counted."""
        reason = Uncounted(row.uncounted) if row.uncounted else None
        return cls(
            evidence_id=row.id,
            happened_on=row.happened_on,
            activity=row.activity,
            state=EvidenceState(row.state),
            counts=row.counts,
            why_not=reason,
            why_not_zh=reason.zh if reason else None,
            why_not_en=reason.en if reason else None,
        )


class RuleView(BaseModel):
    """What counts for a duty."""

    model_config = ConfigDict(from_attributes=True)

    activities: list[str] = Field(description="Sorts of acts; empty where whatever was done counts")
    spacing: Cadence | None = Field(description="At most one counts in each of these periods")
    joint: str = Field(description="For whom a joint act counts: `each`, `host` or `none`")
    least_attending: int | None
    needs: list[EvidenceKind]
    rule: str = Field(description="The version of the rule")


class ProgressView(BaseModel):
    """How far an obligation is, and how it looks by its last day."""

    obligation_id: UUID
    least: int = Field(description="How often it is owed")
    counted: int
    waiting: int = Field(description="Pieces that wait for a reviewer")
    missing: int
    by: date = Field(description="The last day on which it can be done")
    last_on: date | None = Field(description="The day of the last act that counts")
    empty_months: list[str] = Field(description="Months so far without any, as YYYY-MM")
    on_pace: bool = Field(description="Whether as much was done as goes with the days passed")
    possible: bool = Field(description="Whether what is missing can still be done in time")
    zh: str
    en: str
    evidence: list[PieceProgress]
    asks: RuleView | None = Field(description="Null where whatever is accepted counts")

    @classmethod
    def of(
        cls,
        row: Obligation,
        found: Outlook,
        pieces: Sequence[Evidence],
        rule: CreditRule | None,
    ) -> Self:
        """An obligation with its outlook."""
        zh, en = rules.in_words(found, waiting=row.waiting)
        return cls(
            obligation_id=row.id,
            least=found.least,
            counted=found.counted,
            waiting=row.waiting,
            missing=found.missing,
            by=found.by,
            last_on=found.last_on,
            empty_months=[f"{month:%Y-%m}" for month in found.empty_months],
            on_pace=found.on_pace,
            possible=found.possible,
            zh=zh,
            en=en,
            evidence=[PieceProgress.of(piece) for piece in pieces],
            asks=RuleView.model_validate(rule) if rule else None,
        )


class PartView(BaseModel):
    """What one post-holder owes of a quota, by days in the post, and has done."""

    holder: HolderView | None = Field(description="Null: the unit, for days nobody held the post")
    days: int
    owed: int
    counted: int

    @classmethod
    def of(cls, part: Part, holder: Holding | None) -> Self:
        """One part; the name in full only where that is published."""
        return cls(
            holder=HolderView.of(holder) if holder else None,
            days=part.days,
            owed=part.owed,
            counted=part.counted,
        )
