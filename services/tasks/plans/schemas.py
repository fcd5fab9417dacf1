"""What the plans room shows."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime


class PlanView(BaseModel):
    """One version of a year's plan, as issued."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    version: int = Field(description="1, and one more with every later version of the year")
    title_zh: str | None
    issued_at: ShanghaiTime
    articles: int = Field(description="How many articles it has")
    duties: int = Field(description="How many duties they lay down")
    goals: int | None = Field(
        description="How many goals it has for all; null of one issued before they were kept"
    )
    draft_id: UUID | None = Field(description="The draft it was issued from")


class DutyView(BaseModel):
    """What an article asks of whom."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    kind: str
    text_zh: str
    text_en: str | None
    metric: str
    subjects: list[str]
    lead: list[str] = Field(description="Codes of units, or subjects such as `city:member_unit`")
    supporting: list[str]
    cadence: str | None = Field(description="The period that a quota is counted in")
    least: int | None = Field(description="How many in each period, or for each event")
    comparator: str | None
    target: str | None
    unit: str | None = Field(description="What the number counts")
    trigger: str | None
    condition: str | None = Field(description="The plan's own words for what sets it off")
    within_days: int | None = Field(description="Days to do it in after what sets it off")
    due_on: date | None


class ArticleView(BaseModel):
    """An article with its duties."""

    number: int
    section: int
    title_zh: str
    title_en: str | None
    allocations: list[dict[str, Any]] = Field(description="Who leads and supports, by part")
    duties: list[DutyView]


class AskedView(BaseModel):
    """A duty that one of two versions has."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    text: str


class Difference(BaseModel):
    """One value of a duty that differs."""

    field: str
    before: Any
    after: Any


class ChangedView(BaseModel):
    """A duty that both versions have, and what differs."""

    code: str = Field(description="Its number in the later version")
    text: str
    differences: list[Difference]


class ChangesView(BaseModel):
    """What a later version of a plan changed."""

    year: int
    since: int = Field(description="The earlier version")
    version: int
    added: list[AskedView]
    removed: list[AskedView]
    changed: list[ChangedView]
