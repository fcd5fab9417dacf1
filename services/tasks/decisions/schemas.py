"""What the decisions room takes and shows."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import RegionCode
from reference.cityrows import Chain
from services.tasks.decisions.rules import Likeness
from services.tasks.organisations.schemas import Day, UnitCode

_Words = Annotated[str, Field(min_length=1, max_length=1000)]
_Name = Annotated[str, Field(min_length=1, max_length=100)]


class Proposal(BaseModel):
    """A field that a new kind of business is like, and why."""

    field: str = Field(description="The chain of the city's pack")
    field_zh: str
    field_en: str
    likened_to: str
    score: int = Field(ge=0, le=100)
    leads: list[str] = Field(description="Who would lead in that place, nearest first")
    reason_zh: str
    reason_en: str


class Proposals(BaseModel):
    """What a new kind of business is like, best first."""

    name: str
    region_code: str
    proposed: str | None = Field(description="The field to decide for; null where none is nearest")
    proposals: list[Proposal]


class NewDecision(BaseModel):
    """A kind of business is led as a field is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Name = Field(description="What the business is called, or a code of GB/T 4754")
    about: Annotated[str, Field(max_length=1000)] = Field("", description="What it does")
    region_code: RegionCode = Field(description="There and in all below it, parks included")
    field: Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]
    lead: UnitCode | None = Field(None, description="The one that leads, of several in the field")
    reason: _Words
    document: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    effective_from: Day


class Revocation(BaseModel):
    """A decision holds no longer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    last_day: Day = Field(description="The last day on which it holds")
    reason: _Words


class DecisionView(BaseModel):
    """A decision on a lead."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    name: str = Field(title="业态")
    about: str = Field(title="业态说明")
    region_code: str = Field(title="适用区划")
    field: str = Field(title="行业领域")
    lead: str | None = Field(title="指定牵头单位")
    likened_to: str | None = Field(title="参照业态")
    score: int | None = Field(title="相似度")
    reason: str = Field(title="理由")
    document: str | None = Field(title="文号")
    effective_from: date = Field(title="生效日期")
    effective_to: date | None = Field(title="失效日期")
    decided_at: datetime = Field(title="登记时间")
    revoked_at: datetime | None = Field(title="撤销时间")
    revocation: str | None = Field(title="撤销理由")


def worded(found: Likeness, *, field: Chain, leads: list[str]) -> Proposal:
    """A likeness as a proposal, with the words that the two share."""
    shared = found.shared[:5]
    return Proposal(
        field=field.code,
        field_zh=field.zh,
        field_en=field.en,
        likened_to=found.known.name,
        score=found.score,
        leads=leads,
        reason_zh=f"业务相近、业态相似：与“{found.known.name}”同有{'、'.join(shared)}",
        reason_en=f"Close to “{found.known.name}” in business: shares {', '.join(shared)}",
    )
