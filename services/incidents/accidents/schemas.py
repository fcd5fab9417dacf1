"""How accidents and their grades are shown."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from kernel.calendar import SHANGHAI
from reference import citations
from reference.terms import Regime
from services.incidents.accidents.rules import Measure, Verdict


def in_shanghai(instant: datetime) -> str:
    """An instant as people here read it: RFC 3339 with +08:00."""
    return instant.astimezone(SHANGHAI).isoformat()


def as_number(value: int | Decimal) -> int | float:
    """A figure as a JSON number."""
    return int(value) if value == int(value) else float(value)


ShanghaiTime = Annotated[datetime, PlainSerializer(in_shanghai, return_type=str)]
Figure = Annotated[
    int | Decimal, PlainSerializer(as_number, return_type=int | float, when_used="unless-none")
]


class Basis(BaseModel):
    """Why an accident has its grade."""

    measure: Measure = Field(description="The figure that decided.")
    value: Figure | None
    threshold: Figure | None = Field(description="The bound it reached; bounds count as inside.")
    regime: str
    article: str
    rule_version: str
    estimated_grade: str = Field(description="The grade if all the missing are dead.")
    note: str

    @classmethod
    def of(cls, verdict: Verdict, *, regime: Regime, chinese: bool) -> Self:
        """The basis in words of one language."""
        article_zh, article_en = citations.cite(verdict.row.source)
        return cls(
            measure=verdict.measure,
            value=verdict.value,
            threshold=verdict.threshold,
            regime=regime,
            article=article_zh if chinese else article_en,
            rule_version=verdict.row.rule,
            estimated_grade=verdict.estimated_grade,
            note=_note(verdict, chinese=chinese),
        )


def _note(verdict: Verdict, *, chinese: bool) -> str:
    worst = verdict.estimated_grade
    if worst is verdict.grade:
        return ""
    if chinese:
        return f"失联人员未计入死亡；如全部遇难，预估为{worst.zh}事故"
    return f"the missing are not counted as dead; if all have died, the grade is {worst.en}"


class AccidentView(BaseModel):
    """An accident as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(title="事故编号")
    version: int = Field(title="版本")
    region_code: str = Field(title="行政区划")
    enterprise_uscc: str | None = Field(title="统一社会信用代码")
    occurred_at: ShanghaiTime = Field(title="发生时间")
    received_at: ShanghaiTime = Field(title="接报时间")
    place: str = Field(title="地点")
    lon: float | None = Field(title="经度")
    lat: float | None = Field(title="纬度")
    industry: str | None = Field(title="行业")
    regime: str = Field(title="适用制度")
    accident_type: str = Field(title="事故类型")
    deaths: int = Field(title="死亡")
    missing: int = Field(title="失联")
    serious_injuries: int = Field(title="重伤")
    minor_injuries: int = Field(title="轻伤")
    trapped: int = Field(title="被困")
    evacuated: int = Field(title="疏散")
    missing_presumed_dead: bool = Field(title="失联推定死亡")
    direct_loss_wan: Figure | None = Field(title="直接经济损失（万元）")
    burnt_area_ha: Figure | None = Field(None, title="受害森林面积（公顷）")
    late_deaths: int = Field(
        title="期限后死亡", description="Reported after the window: recorded, never counted."
    )
    grade: str = Field(title="等级")
    estimated_grade: str = Field(title="预估等级")
    investigating_level: str = Field(title="调查层级")
    investigating_unit: str = Field(title="调查单位")
    receiving_unit: str = Field(title="接报单位")
    window_closes_at: ShanghaiTime = Field(title="伤亡变化截止")
    late: bool = Field(title="是否迟报")
    late_by_seconds: int = Field(title="迟报秒数")
    enterprise_name: str | None = Field(None, title="单位名称")
    risk_grounds: list[str] = Field([], title="较大涉险情形")
    unplaced: bool = Field(False, title="待确认属地")
    merged_into: UUID | None = Field(None, title="并入事故")
    updated_at: ShanghaiTime = Field(title="更新时间")
