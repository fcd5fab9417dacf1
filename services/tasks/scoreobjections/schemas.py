"""How objections to scores are made, ruled on and shown."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from kernel.instants import ShanghaiTime
from services.tasks.scoreobjections.domain import ScoreObjectionStatus

_Words = Annotated[str, Field(min_length=1, max_length=1000)]
_Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]


class NewScoreObjection(BaseModel):
    """What a unit objects to, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line_id: UUID | None = Field(
        default=None, description="The line that is wrong; left out, the rank as such is"
    )
    grounds: _Words


class Upholding(BaseModel):
    """Why the unit is right, and what the figure is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ruling: _Words
    numerator: _Count | None = Field(default=None, description="Required where a line is wrong")
    denominator: _Count | None = Field(default=None, description="Required where a line is wrong")


class Dismissal(BaseModel):
    """Why the unit is not right."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ruling: _Words


class ScoreObjectionView(BaseModel):
    """An objection to a score."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    ranking_id: UUID = Field(title="排名编号")
    line_id: UUID | None = Field(title="得分编号")
    unit: str = Field(title="提出单位")
    status: ScoreObjectionStatus = Field(title="状态")
    grounds: str = Field(title="理由")
    made_at: ShanghaiTime = Field(title="提出时间")
    due_at: ShanghaiTime = Field(
        title="裁定期限", description="By working days; a limit of the platform, not of the law"
    )
    overdue_at: ShanghaiTime | None = Field(
        title="超期时间", description="Since when the ruling is overdue; it stays when it is made"
    )
    numerator: int | None = Field(title="更正后分子")
    denominator: int | None = Field(title="更正后分母")
    ruling: str | None = Field(title="裁定")
    decided_at: ShanghaiTime | None = Field(title="裁定时间")
    new_line_id: UUID | None = Field(title="更正得分编号")
    new_ranking_id: UUID | None = Field(title="更正排名编号")
