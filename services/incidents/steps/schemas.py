"""How steps are given, finished and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.steps.domain import StepStatus


class NewStep(BaseModel):
    """What a member of the team has to do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accident_id: UUID
    member_id: UUID
    task: Annotated[str, Field(min_length=1, max_length=2000)]
    due_at: AwareDatetime


class Reassignment(BaseModel):
    """Who takes the step over, and by when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    member_id: UUID
    due_at: AwareDatetime


class Result(BaseModel):
    """What came of the step, or why it is dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: Annotated[str, Field(min_length=1, max_length=4000)]


class StepView(BaseModel):
    """A step as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    accident_id: UUID = Field(title="事故编号")
    member_id: UUID = Field(title="成员编号")
    task: str = Field(title="任务")
    status: StepStatus = Field(title="状态")
    assigned_at: ShanghaiTime = Field(title="分配时间")
    due_at: ShanghaiTime = Field(title="时限")
    overdue_at: ShanghaiTime | None = Field(title="逾期时间")
    ended_at: ShanghaiTime | None = Field(title="结束时间")
    note: str | None = Field(title="结果")
