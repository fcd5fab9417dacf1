"""How cards are acted on and shown."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.instants import ShanghaiTime
from reference.terms import Card
from services.tasks.cards.domain import CardStatus

_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Notice(BaseModel):
    """What the unit is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: _Words
    threshold_confirmed: bool = Field(
        default=False,
        description="Required where the threshold is to be confirmed: that somebody has looked",
    )


class CardReply(BaseModel):
    """What the unit thinks of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reply: _Words


class Grounds(BaseModel):
    """Why it is decided so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grounds: _Words


class CardView(BaseModel):
    """A card of a unit."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="编号")
    unit: str = Field(title="单位")
    group_code: str = Field(title="组别")
    kind: Card = Field(title="类别")
    year: int = Field(title="考核年度")
    status: CardStatus = Field(title="状态")
    threshold: str = Field(title="标准")
    rule: str = Field(title="规则版本")
    confirmed: bool = Field(title="标准已核实", description="False: the threshold is unconfirmed")
    cause_zh: str = Field(title="情形")
    cause_en: str = Field(title="情形（英文）")
    accidents: list[str] = Field(title="事故")
    proposed_at: ShanghaiTime = Field(title="提出时间")
    noticed_at: ShanghaiTime | None = Field(title="告知时间")
    reply_due_at: ShanghaiTime | None = Field(title="陈述申辩截止")
    replied_at: ShanghaiTime | None = Field(title="陈述申辩时间")
    decided_at: ShanghaiTime | None = Field(title="决定时间")
    effect_from: date | None = Field(title="生效日")
    effect_to: date | None = Field(title="期满日")
    bars_zh: str | None = Field(title="限制")
    bars_en: str | None = Field(title="限制（英文）")
    review_since: ShanghaiTime | None = Field(
        title="待复核", description="Since when its facts no longer carry it"
    )
    ended_at: ShanghaiTime | None = Field(title="终止时间")


class StepView(BaseModel):
    """A step that was taken."""

    model_config = ConfigDict(from_attributes=True)

    at: ShanghaiTime
    action: str
    status: CardStatus
    note: str | None


class CardDetail(CardView):
    """A card with what was said and done."""

    reply: str | None
    grounds: str | None
    steps: list[StepView]


class ListedView(BaseModel):
    """A unit that is listed because of a card of the year before."""

    model_config = ConfigDict(from_attributes=True)

    year: int = Field(title="挂牌年度")
    unit: str = Field(title="单位")
    region_code: str = Field(title="行政区划")
    kind: Card = Field(title="类别")
    rule: str = Field(title="规则版本")
    cause_zh: str = Field(title="情形")
    cause_en: str = Field(title="情形（英文）")
    opened_at: ShanghaiTime = Field(title="挂牌时间")
    closed_at: ShanghaiTime | None = Field(title="摘牌时间")
