"""How orders and their stories are shown."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from reference.terms import Hotline, OrderClass
from services.tasks.orders.domain import OrderStatus

Text = Annotated[str, Field(min_length=1, max_length=4000)]


class OrderFollowed(BaseModel):
    """What the hotline that handed an order in may know of it: where it stands, and its answer."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    hotline: Hotline
    number: str
    status: OrderStatus
    received_at: ShanghaiTime
    dispatched_at: ShanghaiTime | None
    answered_at: ShanghaiTime | None
    answer: str | None
    verified: bool | None
    merged_into: UUID | None
    closed_at: ShanghaiTime | None


class OrderView(BaseModel):
    """An order as desks and units see it in lists: not what was told, nor who called."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="工单编号")
    hotline: Hotline = Field(title="热线")
    number: str = Field(title="热线工单号")
    order_class: OrderClass = Field(title="类别")
    matter: str = Field(title="事项")
    status: OrderStatus = Field(title="状态")
    region_code: str = Field(title="行政区划")
    unit: str = Field(title="受理单位")
    lead: str | None = Field(title="主办单位")
    units: list[str] = Field(title="承办单位")
    enterprise_uscc: str | None = Field(title="涉及企业")
    named: bool = Field(title="实名")
    received_at: ShanghaiTime = Field(title="受理时间")
    dispatch_due_at: ShanghaiTime = Field(title="派单期限")
    dispatch_overdue_at: ShanghaiTime | None = Field(title="派单超期")
    dispatched_at: ShanghaiTime | None = Field(title="派单时间")
    returns: int = Field(title="退单次数", description="Returns that were accepted")
    redone: int = Field(title="重办次数")
    urged: int = Field(title="催办次数")
    hazard_told_at: ShanghaiTime | None = Field(title="转线索时间")
    deaths_alleged: int = Field(title="反映死亡人数")
    answered_at: ShanghaiTime | None = Field(title="回复时间")
    verified: bool | None = Field(title="是否属实")
    callback_due_at: ShanghaiTime | None = Field(title="回访期限")
    callback_overdue_at: ShanghaiTime | None = Field(title="回访超期")
    visited_at: ShanghaiTime | None = Field(title="回访时间")
    satisfied: bool | None = Field(title="是否满意")
    merged_into: UUID | None = Field(title="并入工单")
    closed_at: ShanghaiTime | None = Field(title="办结时间")


class OrderEntryView(BaseModel):
    """One step taken with an order."""

    model_config = ConfigDict(from_attributes=True)

    at: ShanghaiTime
    action: str
    status: OrderStatus
    made_by: str
    unit: str | None
    note: str | None
    detail: dict[str, Any]


class OrderStory(OrderView):
    """One order with what was told, what was proposed, and every step."""

    place: str
    account: str
    lon: float | None
    lat: float | None
    happened_at: ShanghaiTime | None
    answer: str | None
    caller_id: UUID | None = Field(description="Who it is stays sealed; None when anonymous")
    lead_id: UUID | None
    proposal: list[dict[str, Any]] = Field(
        description="What the catalogue proposed when it came, best first, with the reasons"
    )
    entries: list[OrderEntryView]


class OrderAnswerBody(BaseModel):
    """The answer of a desk that knows it itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: Text


class UrgeBody(BaseModel):
    """Why it is urged."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Text
