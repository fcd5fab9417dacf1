"""How runs are ordered, and how lines, runs and sums are shown."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.calendar import Cadence
from kernel.instants import ShanghaiTime
from services.tasks.organisations.schemas import Day
from services.tasks.scores.domain import ItemKind, LineKind, RunStatus


class NewRun(BaseModel):
    """Which period to compute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cadence: Cadence
    day: Day = Field(description="Any day of the period")


class RunView(BaseModel):
    """A run that computes a period."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    cadence: Cadence = Field(title="周期类别")
    first: date = Field(title="首日")
    last: date = Field(title="末日")
    status: RunStatus = Field(title="状态")
    as_of: ShanghaiTime = Field(title="截至", description="What is not due by then is not counted")
    subjects: int = Field(title="已计算单位数")
    added: int = Field(title="新增得分行数")
    digest: str = Field(title="摘要", description="The same inputs give the same digest")
    started_at: ShanghaiTime
    ended_at: ShanghaiTime | None


class LineView(BaseModel):
    """Points of one unit under one indicator, as anybody can redo them."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    subject: str = Field(title="被考核单位")
    group_code: str = Field(title="组别")
    region_code: str = Field(title="行政区划")
    cadence: Cadence = Field(title="周期类别")
    first: date = Field(title="首日")
    last: date = Field(title="末日")
    indicator: str = Field(title="指标")
    rule: str = Field(title="规则版本")
    sequence: int = Field(title="序次")
    kind: LineKind = Field(title="类别")
    sign: int = Field(title="正负")
    numerator: int = Field(title="分子")
    denominator: int = Field(title="分母")
    value: Decimal | None = Field(title="数值", description="Null where nothing was measured")
    points: Decimal | None = Field(title="得分", description="Null where nothing was measured")
    weight: Decimal | None = Field(title="权重")
    arithmetic: str = Field(title="算式")
    as_of: ShanghaiTime = Field(title="截至")
    written_at: ShanghaiTime = Field(title="写入时间")


class HolderThen(BaseModel):
    """Who held a post of the unit on days of the period, from when to when."""

    post: str
    holder: UUID | None
    since: date
    until: date | None


class LineDetail(LineView):
    """A line with its evidence, and who held the unit's posts then."""

    reverses: UUID | None
    reason: str | None = Field(description="`no_base`: the denominator is zero, nothing measured")
    evidence: dict[str, Any]
    holders: list[HolderThen] = Field(
        default=[], description="The score stays with these, whoever holds the posts now"
    )


class ItemView(BaseModel):
    """One thing that a line counted when it was computed."""

    model_config = ConfigDict(from_attributes=True)

    item: UUID = Field(title="编号")
    kind: ItemKind = Field(title="类别", description="Of what the id is")
    in_numerator: bool = Field(title="计入分子")
    in_denominator: bool = Field(title="计入分母")


class SumView(BaseModel):
    """What a unit comes to in a period."""

    subject: str
    earned: Decimal
    weight: Decimal
    taken_off: Decimal
    measured: int
    unmeasured: int
    score: Decimal | None = Field(
        description="Of a hundred, zero at least; null where nothing was measured"
    )
    arithmetic: str = Field(title="算式", description="How the score follows from the sums")


class YearsView(BaseModel):
    """Whose sums are being built anew."""

    years: list[int]
