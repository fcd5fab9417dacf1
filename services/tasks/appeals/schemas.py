"""How appeals are made, decided on and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import Moment, ShanghaiTime
from services.tasks.appeals.domain import AppealStatus, Ground

Text = Annotated[str, Field(min_length=1, max_length=4000)]


class NewAppeal(BaseModel):
    """Why a subject objects."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ground: Ground
    why: Text


class Remark(BaseModel):
    """Why it is decided so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    remark: Text


class MoveBody(Remark):
    """A later deadline, and why."""

    due_at: Moment = Field(description="Later than the old one, and still to come")


class AppealView(BaseModel):
    """An appeal and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    obligation_id: UUID = Field(title="任务")
    part_id: UUID | None = Field(
        title="分工事项", description="The part that is objected to; null where it is the whole"
    )
    subject: str = Field(title="责任主体")
    ground: Ground = Field(title="理由类别")
    why: str = Field(title="理由")
    status: AppealStatus = Field(title="状态")
    made_at: ShanghaiTime = Field(title="提出时间")
    office: str | None = Field(
        title="裁定单位", description="Null where no office of this city may decide"
    )
    due_at: ShanghaiTime | None = Field(
        title="裁定期限", description="By working days; a limit of the platform, not of the law"
    )
    overdue_at: ShanghaiTime | None = Field(
        title="超期时间", description="Since when the decision is overdue; it stays when it is made"
    )
    due_before: ShanghaiTime = Field(title="原期限")
    due_after: ShanghaiTime | None = Field(title="新期限")
    decided_at: ShanghaiTime | None = Field(title="裁定时间")
    remark: str | None = Field(title="裁定意见")
