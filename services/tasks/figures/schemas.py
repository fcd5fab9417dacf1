"""How figures are reported and shown. A share is never typed in: it is a part and a whole."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.instants import ShanghaiTime
from services.tasks.figures.domain import ReportStatus

_MOST = 10**15
Whole = Annotated[StrictInt, Field(ge=0, le=_MOST)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, Field(min_length=1, max_length=4000)]

_SHARES = frozenset({"percent", "percentage", "rate", "ratio", "value"})
_NUMBERS = ("count", "numerator", "denominator")


class NewFigure(BaseModel):
    """A figure that a subject reports: a count, or a numerator and its denominator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    obligation_id: UUID = Field(description="The duty that it is reported for")
    day: date = Field(description="The day on which it stood so")
    count: Whole | None = Field(default=None, description="How many; of duties that count")
    numerator: Whole | None = Field(
        default=None, description="The part, of what had fallen due; of duties with a rate"
    )
    denominator: Whole | None = Field(default=None, description="The whole that had fallen due")
    note: Words = Field(description="What proves it: which list, which record, of which day")
    files: list[Sha256] = Field(
        default=[],
        max_length=50,
        description="SHA-256 of each file that proves it, added to the obligation before",
    )
    evidence_id: UUID | None = Field(
        default=None, description="Evidence handed in for the same duty, instead of files"
    )

    @model_validator(mode="before")
    @classmethod
    def refuse_percentages(cls, given: Any) -> Any:
        """A percentage is the outcome of a figure, never the figure."""
        if isinstance(given, dict):
            typed = [name for name in _NUMBERS if "%" in str(given.get(name, ""))]
            if typed or not _SHARES.isdisjoint(given):
                raise PydanticCustomError(
                    "percentage_typed",
                    "{zh} {en}",
                    {
                        "zh": "不得填报百分比，应填报分子和分母（整数）。",
                        "en": "A percentage is not taken: state numerator and denominator"
                        " as whole numbers.",
                    },
                )
        return given

    @model_validator(mode="after")
    def have_shape_and_proof(self) -> Self:
        """One of the two shapes, whole, and something that proves it."""
        ratio = (self.numerator is None, self.denominator is None)
        if ratio[0] != ratio[1] or (self.count is None) == ratio[0]:
            raise PydanticCustomError(
                "count_or_ratio",
                "{zh} {en}",
                {
                    "zh": "应填报数量，或同时填报分子和分母。",
                    "en": "State a count, or a numerator together with its denominator.",
                },
            )
        if not self.files and self.evidence_id is None:
            raise PydanticCustomError(
                "proof_missing",
                "{zh} {en}",
                {
                    "zh": "应附佐证文件或佐证编号。",
                    "en": "Name the files that prove it, or evidence handed in for the duty.",
                },
            )
        return self


class FigureRemark(BaseModel):
    """What a reviewer has to say about an accepted figure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Words | None = None


class FigureReturn(BaseModel):
    """Why a figure is returned."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Words = Field(description="What is wrong or missing")


class FigureView(BaseModel):
    """One version of what one source says."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    metric: str
    region_code: str
    unit: str | None
    enterprise_uscc: str | None
    day: date
    count: int | None = Field(validation_alias="amount")
    numerator: int | None
    denominator: int | None
    source: str
    version: int
    told_by: UUID = Field(description="The event, or the report, that says so")
    rule: str
    recorded_at: ShanghaiTime


class FigureReportView(BaseModel):
    """A reported figure, and the reviewer's verdict."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    obligation_id: UUID
    metric: str
    unit: str | None
    enterprise_uscc: str | None
    region_code: str
    day: date
    count: int | None = Field(validation_alias="amount")
    numerator: int | None
    denominator: int | None
    note: str
    files: list[str]
    evidence_id: UUID | None
    status: ReportStatus
    reported_at: ShanghaiTime
    remark: str | None
    reviewed_at: ShanghaiTime | None


class FreezeView(BaseModel):
    """That a year's base is frozen."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    frozen_at: ShanghaiTime
