"""How look-backs are made and shown."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.lookbacks.domain import LookbackResult, LookbackStatus


class Made(BaseModel):
    """What the look-back showed; recommendations that relapsed are opened again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    result: LookbackResult
    note: Annotated[str, Field(min_length=1, max_length=4000)]
    relapsed: Annotated[list[UUID], Field(max_length=500)] = []
    redo_by: date | None = Field(None, description="By when what relapsed must be met again.")


class LookbackView(BaseModel):
    """A look-back as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    accident_id: UUID = Field(title="事故编号")
    generation: int = Field(title="调查次数", description="Of which investigation the report was.")
    unit: str = Field(title="责任单位")
    status: LookbackStatus = Field(title="状态")
    rule: str = Field(title="依据")
    due_at: ShanghaiTime = Field(title="期限")
    overdue_at: ShanghaiTime | None = Field(title="逾期时间")
    superseded_at: ShanghaiTime | None = Field(title="被取代时间")
    result: LookbackResult | None = Field(title="结果")
    note: str | None = Field(title="情况")
    made_at: ShanghaiTime | None = Field(title="开展时间")
