"""What the drafts room takes and shows. Spans count characters of the draft's own text."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.calendar import Cadence
from kernel.instants import ShanghaiTime
from reference.terms import DutyKind
from services.tasks.drafts.domain import DraftStatus, DutyStatus, FlagStatus, Resolution
from services.tasks.drafts.domain_parts import MOST_DAYS, MOST_TIMES, FlagKind
from services.tasks.drafts.domain_source import MOST_CHARACTERS, SourceKind

Words = Annotated[str, Field(min_length=1, max_length=2000)]
Code = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z0-9_.:]+$")]
Codes = Annotated[list[Code], Field(max_length=60)]
Comparator = Literal["<=", ">=", "<", ">", "==", "in"]
Year = Annotated[int, Field(ge=2000, le=2100, description="The year of the plan")]


class NewDraft(BaseModel):
    """A plan's text, or a page as it was copied."""

    model_config = ConfigDict(extra="forbid")

    year: Year
    text: str = Field(
        min_length=1,
        max_length=2 * MOST_CHARACTERS,
        description="Plain text, or the markup of a page",
    )


class DraftView(BaseModel):
    """A draft and how much of it is still to be looked at."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    year: int
    title: str
    status: DraftStatus
    source_kind: SourceKind
    source_sha256: str = Field(description="SHA-256 of the document as it was handed in")
    made_at: ShanghaiTime
    closed_at: ShanghaiTime | None
    version: int | None = Field(description="The version of the year's plan that it became")


class Titled(BaseModel):
    """The title that the plan is issued under."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)


class ArticleView(BaseModel):
    """An article as read."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    label: str = Field(description="The number as it is printed")
    section: int
    title: str
    start: int
    end: int
    allocations: list[dict[str, Any]] = Field(description="Whom it names, with places and codes")


class DutyView(BaseModel):
    """A duty as proposed or corrected, with the place it was read from."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    article: int = Field(description="0 of a goal of the plan, which nobody has by name")
    position: int
    status: DutyStatus
    revision: int = Field(description="State it when you change the duty")
    split_from: UUID | None
    start: int
    end: int
    text: str = Field(description="The words without what is flagged as injected")
    text_en: str | None
    kind: DutyKind
    metric: str | None
    subjects: list[str]
    lead: list[str]
    supporting: list[str]
    cadence: Cadence | None
    least: int | None
    comparator: str | None
    target: str | None
    unit: str | None
    trigger: str | None
    condition: str | None
    within_days: int | None = Field(description="Days to do it in after what sets it off")
    due_on: date | None


class FlagView(BaseModel):
    """A doubt about a place of the text, and how it was settled."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: int
    kind: FlagKind
    start: int
    end: int
    excerpt: str = Field(description="What stands there, or what was hidden there")
    reason_zh: str
    reason_en: str
    candidates: list[str] = Field(description="Units that may be meant, or the likely spelling")
    status: FlagStatus
    resolution: Resolution | None
    correction: str | None
    units: list[str]
    note: str | None
    settled_at: ShanghaiTime | None


class DraftDetail(DraftView):
    """A draft whole: its text and everything found in it."""

    text: str = Field(description="The normalised text that every span counts in")
    sections: list[dict[str, Any]]
    articles: list[ArticleView]
    duties: list[DutyView]
    flags: list[FlagView]


class ChangeView(BaseModel):
    """One correction by a person."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: ShanghaiTime
    made_by: str
    action: str
    duty_id: UUID | None
    flag_id: UUID | None
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str | None


class Asked(BaseModel):
    """What a duty asks; everything that is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    text: Words | None = None
    text_en: Words | None = None
    kind: DutyKind | None = None
    metric: Code | None = None
    subjects: Codes | None = None
    lead: Codes | None = None
    supporting: Codes | None = None
    cadence: Cadence | None = None
    least: int | None = Field(default=None, ge=1, le=MOST_TIMES)
    comparator: Comparator | None = None
    target: str | None = Field(default=None, max_length=40, pattern=r"^[0-9A-Z.,-]+$")
    unit: str | None = Field(default=None, max_length=40)
    trigger: Code | None = None
    condition: Words | None = None
    within_days: int | None = Field(
        default=None, ge=1, le=MOST_DAYS, description="Days to do it in after what sets it off"
    )
    due_on: date | None = None

    def given(self) -> dict[str, Any]:
        """What was said, in the form it is kept in."""
        return self.model_dump(mode="python", exclude_unset=True, exclude=_NOT_KEPT)


_NOT_KEPT = {"revision", "reason", "article", "start", "end"}


class ChangedDuty(Asked):
    """A correction of one duty."""

    revision: int = Field(ge=1, description="Of the duty as you saw it")
    reason: Words | None = None


class NewDuty(Asked):
    """A duty that the importer did not see, or one part of another."""

    text: Words
    start: int | None = Field(default=None, ge=0, description="Its place in the text, if any")
    end: int | None = Field(default=None, ge=0)


class AddedDuty(NewDuty):
    """A duty that the importer did not see."""

    article: int = Field(ge=0, description="0 for a goal of the plan, which nobody has by name")
    kind: DutyKind
    lead: Codes = Field(default_factory=list, description="Needed, but of a goal")
    reason: Words | None = None


class Split(BaseModel):
    """The parts of a duty; each takes over what it does not say itself."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=1)
    parts: list[NewDuty] = Field(min_length=2, max_length=20)
    reason: Words | None = None


class Chosen(BaseModel):
    """Several duties at once, or all of some articles that nobody looked at yet."""

    model_config = ConfigDict(extra="forbid")

    duties: list[UUID] = Field(default_factory=list, max_length=1000)
    articles: list[int] = Field(
        default_factory=list, max_length=500, description="0 for the goals of the plan"
    )


class Reason(BaseModel):
    """Why something is done."""

    model_config = ConfigDict(extra="forbid")

    reason: Words | None = None


class Settled(BaseModel):
    """How doubts are settled; several of one kind may be settled together."""

    model_config = ConfigDict(extra="forbid")

    flags: list[UUID] = Field(min_length=1, max_length=500)
    resolution: Resolution
    correction: Annotated[str, Field(max_length=500)] | None = Field(
        default=None, description="The words that count instead, for `corrected`"
    )
    units: Codes = Field(default_factory=list, description="Who is meant, for `assigned`")
    note: Words | None = Field(default=None, description="Why, required for `dismissed`")


class IssuedView(BaseModel):
    """The version of the plan that a draft became."""

    draft_id: UUID
    year: int
    version: int
    articles: int
    duties: int
    goals: int
    issued_at: ShanghaiTime
