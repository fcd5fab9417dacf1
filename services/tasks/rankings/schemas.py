"""How rankings are drafted and shown."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.calendar import Cadence
from kernel.instants import ShanghaiTime
from services.tasks.organisations.schemas import Day
from services.tasks.rankings.domain import RankingStatus


class NewRanking(BaseModel):
    """Whose ranking of which period to draft."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: Annotated[str, Field(min_length=1, max_length=50)] = Field(
        description="A code of `/tasks/indicators/groups`"
    )
    cadence: Cadence
    day: Day = Field(description="Any day of the period")
    reason: Annotated[str, Field(min_length=1, max_length=500)] | None = Field(
        default=None, description="Why there is a further version; required of a correction"
    )


class RankingView(BaseModel):
    """One version of a ranking."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    group_code: str = Field(title="组别")
    cadence: Cadence = Field(title="周期类别")
    first: date = Field(title="首日")
    last: date = Field(title="末日")
    year: int = Field(title="年度")
    number: int | None = Field(title="期号", description="Running number; null of a draft")
    version: int = Field(title="版本", description="Above 1 it is a correction")
    status: RankingStatus = Field(title="状态")
    as_of: ShanghaiTime = Field(title="截至")
    units: int = Field(title="单位数")
    unmeasured: int = Field(title="未测评单位数", description="Listed last, without a rank")
    reason: str | None = Field(title="更正理由")
    published_at: ShanghaiTime | None = Field(title="公布时间")
    objections_until: ShanghaiTime | None = Field(title="异议截止时间")


class RankingRowView(BaseModel):
    """A unit in a ranking."""

    model_config = ConfigDict(from_attributes=True)

    place: int = Field(title="序号")
    rank: int | None = Field(title="名次", description="Null where nothing was measured")
    tied: bool = Field(title="并列")
    subject: str = Field(title="单位代码")
    name_zh: str = Field(title="单位")
    name_en: str = Field(title="单位英文名")
    score: Decimal | None = Field(
        title="得分", description="Of a hundred, zero at least; null if unmeasured"
    )
    arithmetic: str = Field(title="算式", description="How the score follows from the sums")
    earned: Decimal = Field(title="指标得分")
    weight: Decimal = Field(title="已测权重", description="What the points are out of")
    taken_off: Decimal = Field(title="加减分")
    unmeasured: int = Field(title="无基数指标数", description="Indicators whose base is zero")
    rank_before: int | None = Field(title="上期名次")
    score_before: Decimal | None = Field(title="上期得分")


class RankingDetail(RankingView):
    """A ranking with its rows."""

    rows: list[RankingRowView]
