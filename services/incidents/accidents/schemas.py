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

    id: UUID
    version: int
    region_code: str
    enterprise_uscc: str | None
    occurred_at: ShanghaiTime
    received_at: ShanghaiTime
    place: str
    lon: float | None
    lat: float | None
    industry: str | None
    regime: str
    accident_type: str
    deaths: int
    missing: int
    serious_injuries: int
    minor_injuries: int
    trapped: int
    evacuated: int
    missing_presumed_dead: bool
    direct_loss_wan: Figure | None
    late_deaths: int = Field(description="Reported after the window: recorded, never counted.")
    grade: str
    estimated_grade: str
    investigating_level: str
    investigating_unit: str
    receiving_unit: str
    window_closes_at: ShanghaiTime
    late: bool
    late_by_seconds: int
    updated_at: ShanghaiTime
