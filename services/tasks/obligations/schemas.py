"""How obligations are shown."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.tasks import ObligationKind
from kernel.instants import ShanghaiTime
from reference.terms import DutyKind
from services.tasks.obligations.domain import Release, Status


class ObligationView(BaseModel):
    """What one subject has to do, and where it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    kind: ObligationKind = Field(title="类别")
    status: Status = Field(title="状态")
    duty_kind: DutyKind = Field(title="考核方式", description="How it is counted")
    origin: UUID = Field(
        title="来源",
        description="What asks for it: an accident, the period of a duty, a card; of what is asked "
        "because of delays an id for a unit and the day on which they were found",
    )
    cause: str = Field(title="起因", description="Which fact asks for it")
    duty: str = Field(title="职责", description="`<year>/<article>.<n>` for a duty of a plan")
    unit: str | None = Field(title="责任单位")
    enterprise_uscc: str | None = Field(title="责任企业")
    region_code: str = Field(title="行政区划")
    rule: str = Field(title="依据", description="The version of the rule it was opened under")
    due_at: ShanghaiTime = Field(title="期限")
    opened_at: ShanghaiTime = Field(title="下达时间")
    stopped_at: ShanghaiTime | None = Field(
        title="停止计时", description="Since when its clock stands still"
    )
    overdue_at: ShanghaiTime | None = Field(
        title="逾期时间", description="When it was found overdue"
    )
    closed_at: ShanghaiTime | None = Field(title="办结时间")
    released_for: Release | None = Field(
        title="终止原因", description="Why nobody owes it any more, where it was released"
    )
    inherits: UUID | None = Field(
        title="承继的任务", description="That of a unit that ended, which this one goes on with"
    )
    plan_version: int | None = Field(title="工作要点版本")
    period_from: date | None = Field(title="周期起", description="The first day on which it counts")
    period_to: date | None = Field(title="周期止", description="The last day on which it counts")
    least: int | None = Field(title="应完成次数", description="How often it must be done")
    credited: int = Field(title="已认可次数", description="How often it was, by accepted evidence")
    waiting: int = Field(title="待审核次数", description="How much waits for a reviewer")
    parts_open: int = Field(
        title="未完成分工数", description="How many units that share it have not done their part"
    )
