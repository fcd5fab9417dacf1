"""How repeats are shown and decided on."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from services.tasks.repeats.domain import RepeatStatus


class RepeatView(BaseModel):
    """Two orders that look like one matter."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    order_id: UUID = Field(title="后收工单")
    other_id: UUID = Field(title="先收工单")
    score: int = Field(title="相似分")
    reasons: list[str] = Field(title="理由")
    status: RepeatStatus = Field(title="状态")
    found_at: ShanghaiTime = Field(title="发现时间")
    decided_at: ShanghaiTime | None = Field(title="处理时间")
    why: str | None = Field(title="处理理由")


class RepeatBody(BaseModel):
    """Why two orders are one matter, or two."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: Annotated[str, Field(min_length=1, max_length=1000)]
