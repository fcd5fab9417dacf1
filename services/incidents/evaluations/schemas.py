"""How evaluations are concluded, published and shown."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.incidents_cases import EvaluationResult
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.evaluations.domain import EvaluationStatus


class Conclusion(BaseModel):
    """What came of the evaluation; recommendations that are unmet are opened again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    result: EvaluationResult
    conclusion: Annotated[str, Field(min_length=1, max_length=8000)]
    unmet: Annotated[list[UUID], Field(max_length=500)] = []
    redo_by: date | None = Field(None, description="By when what is unmet must be met.")


class Publication(BaseModel):
    """Where and when the result was published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    published_on: date
    title: Annotated[str, Field(min_length=1, max_length=300)]
    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://")] | None = None


class EvaluationView(BaseModel):
    """An evaluation as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    accident_id: UUID = Field(title="事故编号")
    generation: int = Field(title="调查次数", description="Of which investigation the report was.")
    unit: str = Field(title="评估单位")
    status: EvaluationStatus = Field(title="状态")
    counted_from: date = Field(title="起算日")
    rule: str = Field(title="依据")
    opens_at: ShanghaiTime = Field(title="开始时间")
    due_at: ShanghaiTime = Field(title="期满时间")
    overdue_at: ShanghaiTime | None = Field(title="逾期时间")
    superseded_at: ShanghaiTime | None = Field(title="被取代时间")
    result: EvaluationResult | None = Field(title="结论")
    conclusion: str | None = Field(title="评估意见")
    concluded_at: ShanghaiTime | None = Field(title="形成结论时间")
    published_on: date | None = Field(title="公开日期")
    title: str | None = Field(title="公开标题")
    url: str | None = Field(title="公开地址")
