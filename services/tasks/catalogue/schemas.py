"""How the catalogue is written and shown."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import RegionCode
from services.tasks.catalogue.rules import Candidate, Ground, Line

_PATTERN = r"^(\{(place|county|city)\}|\d{6})\.[a-z0-9_]+$"
UnitPattern = Annotated[str, Field(pattern=_PATTERN, max_length=100)]


class NewLine(BaseModel):
    """A line of the catalogue from a day on: units, or another matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    matter: Annotated[str, Field(min_length=1, max_length=50)]
    region_code: RegionCode | None = Field(None, description="Left out, it is the whole city")
    lead: UnitPattern | None = Field(None, description="Such as `{county}.emergency`")
    supporting: Annotated[tuple[UnitPattern, ...], Field(max_length=20)] = ()
    same_as: Annotated[str, Field(min_length=1, max_length=50)] | None = Field(
        None, description="A matter whose lines it takes"
    )
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    effective_from: date = Field(description="The first day on which it is so")

    def line(self) -> Line:
        """The line it writes."""
        return Line(
            matter=self.matter,
            region=self.region_code or "",
            lead=self.lead,
            supporting=self.supporting,
            same_as=self.same_as,
        )


class LineView(BaseModel):
    """A line in force."""

    model_config = ConfigDict(from_attributes=True)

    matter: str = Field(title="事项")
    region: str = Field(title="适用地区", description="Empty for the whole city")
    lead: str | None = Field(title="主办单位")
    supporting: list[str] = Field(title="协办单位")
    same_as: str | None = Field(title="同事项")


class ReasonView(BaseModel):
    """Why a unit is proposed."""

    model_config = ConfigDict(from_attributes=True)

    ground: Ground
    times: int
    points: int


class CandidateView(BaseModel):
    """A unit that is proposed, and why. The points are the sum of the reasons'."""

    unit: str
    supporting: list[str]
    points: int
    reasons: list[ReasonView]

    @classmethod
    def of(cls, found: Candidate) -> Self:
        """A candidate with its reasons."""
        return cls(
            unit=found.unit,
            supporting=list(found.supporting),
            points=found.points,
            reasons=[ReasonView.model_validate(reason) for reason in found.reasons],
        )
