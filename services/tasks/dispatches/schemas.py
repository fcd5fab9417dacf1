"""How orders are sent to units, and how their parts are shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from kernel.instants import ShanghaiTime
from services.tasks.dispatches.domain import DispatchStatus, Part, ReturnReason
from services.tasks.orders.schemas import Text

UnitCode = Annotated[str, Field(pattern=r"^\d{6}\.[a-z0-9_]+$", max_length=100)]


class Addressees(BaseModel):
    """Whom an order goes to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lead: UnitCode
    supporting: Annotated[tuple[UnitCode, ...], Field(max_length=20)] = Field(
        (), description="Those that hold a part already and stand here keep it as it is"
    )
    note: Text | None = None


class ReturnBody(BaseModel):
    """Why a unit sends its part back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: ReturnReason
    note: Text


class RemarkBody(BaseModel):
    """Why, in a few words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Text


class AnswerBody(BaseModel):
    """What was done about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: Text
    verified: StrictBool | None = Field(
        None, description="Whether what was told proved true; stated by the unit that leads"
    )


class DispatchView(BaseModel):
    """One unit's part of one order."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="派单编号")
    order_id: UUID = Field(title="工单编号")
    region_code: str = Field(title="行政区划")
    unit: str = Field(title="承办单位")
    part: Part = Field(title="主办或协办")
    status: DispatchStatus = Field(title="状态")
    round: int = Field(title="办理轮次", description="1, and one more for each redo")
    order_class: str = Field(title="工单类别")
    matter: str = Field(title="事项")
    proposed: bool = Field(title="按目录派单")
    arbitrated: bool = Field(title="裁定指派")
    sent_at: ShanghaiTime = Field(title="派单时间")
    sign_due_at: ShanghaiTime | None = Field(title="签收期限")
    signed_at: ShanghaiTime | None = Field(title="签收时间")
    sign_overdue_at: ShanghaiTime | None = Field(title="签收超期")
    return_due_at: ShanghaiTime = Field(title="退单期限")
    return_reason: ReturnReason | None = Field(title="退单理由")
    returned_at: ShanghaiTime | None = Field(title="退单时间")
    due_at: ShanghaiTime = Field(title="办理期限")
    rule: str = Field(title="期限依据")
    extended: int = Field(title="延期次数")
    overdue_at: ShanghaiTime | None = Field(title="办理超期")
    delayed_by: list[str] | None = Field(
        title="延误责任单位", description="Whose delay it was when the time was up"
    )
    answered_at: ShanghaiTime | None = Field(title="回复时间")


class DispatchDetail(DispatchView):
    """A unit's part with what it said."""

    return_note: str | None
    answer: str | None
