"""What the visits room takes and shows."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from services.inspections.visits.domain import Status, VisitKind


class VisitView(BaseModel):
    """An inspection that was ordered."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    kind: VisitKind = Field(title="类别")
    status: Status = Field(title="状态")
    origin: UUID = Field(title="来源事故", description="The accident it was ordered for")
    uscc: str | None = Field(title="企业")
    region_code: str = Field(title="行政区划")
    unit: str = Field(title="检查单位", description="Who has to inspect")
    rule: str = Field(title="依据")
    opened_at: ShanghaiTime = Field(title="下达时间")
    due_on: date = Field(title="期限", description="Last day on which it can be made in time")
    closed_at: ShanghaiTime | None = Field(title="办结时间")
    result: str | None = Field(title="结果")


class ClosingBody(BaseModel):
    """How a visit ended."""

    model_config = ConfigDict(extra="forbid")

    result: Annotated[str, Field(min_length=1, max_length=4000)]
