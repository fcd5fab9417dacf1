"""What the visits room takes and shows."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from services.inspections.visits.domain import Status, VisitKind, VisitSource


class VisitView(BaseModel):
    """An inspection that was ordered."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    kind: VisitKind = Field(title="类别")
    status: Status = Field(title="状态")
    source: VisitSource = Field(title="来源")
    origin: UUID = Field(
        title="来源编号", description="The accident or the hotline order it was ordered for"
    )
    uscc: str | None = Field(title="企业")
    region_code: str = Field(title="行政区划")
    matter: str | None = Field(title="事项", description="What the order is about")
    lon: float | None = Field(title="经度", description="Degrees east (WGS 84), where it is known")
    lat: float | None = Field(title="纬度", description="Degrees north (WGS 84)")
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
