"""How objections are made, replied to, settled and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from services.tasks.dispatches.schemas import Addressees, UnitCode
from services.tasks.objections.domain import ObjectionStatus
from services.tasks.orders.schemas import Text


class NewObjection(BaseModel):
    """Which other unit has to handle it, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    named: UnitCode
    grounds: Text


class ReplyBody(BaseModel):
    """What the unit that was named thinks of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reply: Text


class RulingBody(BaseModel):
    """Who handles it, and why. It is final."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ruling: Annotated[str, Field(min_length=1, max_length=1000)]
    to: Addressees | None = Field(None, description="Left out, it stays with the unit that objects")


class ObjectionView(BaseModel):
    """An objection and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    dispatch_id: UUID = Field(title="派单编号")
    order_id: UUID = Field(title="工单编号")
    unit: str = Field(title="提出单位")
    named: str = Field(title="所指单位")
    matter: str = Field(title="事项")
    status: ObjectionStatus = Field(title="状态")
    grounds: str = Field(title="理由")
    made_at: ShanghaiTime = Field(title="提出时间")
    reply: str | None = Field(title="相关单位说明")
    replied_at: ShanghaiTime | None = Field(title="说明时间")
    assigned: str | None = Field(title="裁定办理单位")
    ruling: str | None = Field(title="裁定意见")
    decided_at: ShanghaiTime | None = Field(title="裁定时间")
