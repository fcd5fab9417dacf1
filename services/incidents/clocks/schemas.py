"""How the clock of an investigation is shown, stretched and stopped."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel import calendar
from reference import citations
from reference.national.rows import InvestigationLimit
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.clocks.rules import Clock, Stage, Story, Stretch
from services.incidents.investigations.schemas import Day

Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]


class NewExtension(BaseModel):
    """How many more days, why, and in which document."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[int, Field(gt=0, le=366)]
    reason: Text
    document: Text


class ExtensionView(BaseModel):
    """Days that were granted."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    stage: Stage
    days: int
    reason: str
    document: str
    granted_at: ShanghaiTime
    unit: str | None


class NewAppraisal(BaseModel):
    """A technical appraisal that begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Text
    institution: Text
    began_on: Day


class AppraisalEnd(BaseModel):
    """With which day an appraisal ended."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ended_on: Day


class AppraisalView(BaseModel):
    """A technical appraisal."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    subject: str
    institution: str
    began_on: date
    ended_on: date | None


class SegmentView(BaseModel):
    """Consecutive days spent on the same thing."""

    kind: Stretch
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    days: int = Field(description="How many of them a limit counts.")


class Why(BaseModel):
    """One reason for the due date."""

    days: int
    rule: str
    zh: str
    en: str


class ClockView(BaseModel):
    """The clock of an investigation as one bar."""

    accident_id: UUID
    generation: int
    stage: Stage
    starts_on: date
    segments: list[SegmentView]
    days_allowed: int
    days_used: int
    days_excluded: int
    due_on: date | None
    due_at: ShanghaiTime | None
    case_due_on: date = Field(description="Last day for the approval of a case closed in time.")
    overdue: bool
    paused: bool
    why: list[Why]
    extensions: list[ExtensionView]
    appraisals: list[AppraisalView]


def bar(clock: Clock) -> list[SegmentView]:
    """The segments of a clock."""
    return [
        SegmentView(kind=one.kind, first=one.first, last=one.last, days=one.days)
        for one in clock.segments
    ]


def due_at(clock: Clock) -> ShanghaiTime | None:
    """The instant from which it is too late."""
    return calendar.closes_at(clock.due_on) if clock.due_on is not None else None


def why(story: Story, clock: Clock, limit: InvestigationLimit) -> list[Why]:
    """The reasons of the due date, as they add up."""
    allowed = story.approval if clock.stage is Stage.APPROVAL else story.investigation
    zh, en = citations.cite(limit.source)
    lines = [_because(allowed.days, limit.rule, f"法定期限（{zh}）", f"the law's limit ({en})")]
    if allowed.extended:
        lines.append(
            _because(
                allowed.extended,
                limit.rule,
                f"经批准延长（{zh}）",
                f"extensions granted ({en})",
            )
        )
    if clock.excluded and clock.stage is Stage.INVESTIGATION:
        lines.append(
            _because(
                clock.excluded,
                _APPRAISALS,
                "技术鉴定所需时间不计入调查期限",
                "technical appraisal is not counted",
            )
        )
    return lines


_APPRAISALS = "decree-493 27@2007-06-01"


def _because(days: int, rule: str, zh: str, en: str) -> Why:
    return Why(days=days, rule=rule, zh=f"{days}日：{zh}", en=f"{days} days: {en}")
