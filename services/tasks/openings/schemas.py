"""What the openings room shows."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from reference.terms import DutyKind
from services.tasks.obligations.domain import Status
from services.tasks.openings.domain import OpeningStatus


class OpeningView(BaseModel):
    """A duty opened for everybody whom it means, and how far that came."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    cause: str = Field(title="起因", description="What asks for it: a period, or an event")
    origin: UUID = Field(title="来源", description="The event; its own id where a period asks")
    year: int = Field(title="年度")
    version: int | None = Field(title="工作要点版本")
    code: str = Field(title="职责编号", description="`<article>.<n>` in that version")
    duty_kind: DutyKind = Field(title="考核方式")
    status: OpeningStatus = Field(title="状态")
    period_from: date = Field(title="周期起")
    period_to: date = Field(title="周期止")
    due_at: ShanghaiTime = Field(title="期限")
    reason: str | None = Field(title="触发情形", description="Where a person said so")
    least: int | None = Field(title="应完成次数")
    opened: int = Field(
        title="下达数",
        description="For how many units and enterprises; who came later counts once it has ended",
    )
    overdue: int = Field(title="逾期数", description="How many had not done it at the end")
    opened_at: ShanghaiTime | None = Field(title="下达完毕时间")
    ended_at: ShanghaiTime | None = Field(title="到期处理时间")


class OpeningDetail(OpeningView):
    """A period with how many of its obligations stand where, of those the reader may see."""

    standing: dict[Status, int]
