"""How figures are asked for, stated and exported."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from reference import regions
from services.incidents.accidents.schemas import Figure, ShanghaiTime
from services.incidents.statistics.domain import Number
from services.incidents.statistics.domain_analysis import Line
from services.incidents.statistics.domain_situation import Analysis, FigureKind


def _first_day(value: object) -> object:
    """A month as it is written, `2023-05`, by its first day."""
    return f"{value}-01" if isinstance(value, str) and value.count("-") == 1 else value


def _known_place(code: str) -> str:
    if code not in regions.known():
        zh, en = "应为行政区划或园区代码", "expected the code of a division or park"
        raise PydanticCustomError("place_unknown", "{zh} {en}", {"zh": zh, "en": en})
    return code


def _begins(day: date) -> date:
    if day.day != 1:
        zh, en = "应为月份，例如 2023-05", "expected a month, such as 2023-05"
        raise PydanticCustomError("not_a_month", "{zh} {en}", {"zh": zh, "en": en})
    return day


Month = Annotated[
    date,
    BeforeValidator(_first_day),
    AfterValidator(_begins),
    Field(description="月份 / a month: 2023-05", json_schema_extra={"format": "year-month"}),
]
PlaceCode = Annotated[
    str,
    Field(pattern=r"^\d{6}$", description="行政区划或园区 / a division or park"),
    AfterValidator(_known_place),
]


class NewFigure(BaseModel):
    """A figure that others publish, with where it was published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FigureKind
    region_code: PlaceCode
    month: Month
    """The figure covers January up to and with this month."""
    value: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
    source: Annotated[str, Field(min_length=2, max_length=400)]
    published_on: date | None = None


class FigureView(BaseModel):
    """A stated figure; a correction has a higher version."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: FigureKind
    region_code: str
    month: date
    version: int
    value: Number
    source: str
    published_on: date | None
    stated_at: ShanghaiTime
    unit: str | None


class NewBase(BaseModel):
    """Which year's base to freeze: the counts of the year before it, as they stand now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: Annotated[int, Field(ge=2000, le=2100)]


class BaseView(BaseModel):
    """A frozen base."""

    model_config = ConfigDict(from_attributes=True)

    region_code: str
    year: int
    accidents: int
    deaths: int
    frozen_at: ShanghaiTime


class Recounting(BaseModel):
    """That the sums will be built anew."""

    years: list[int] = Field(description="待重新汇总的年份 / the years whose sums are built anew")


class AnalysisRow(BaseModel):
    """One line of an analysis in a file."""

    breakdown: str = Field(title="分组")
    code: str = Field(title="代码")
    name: str = Field(title="名称")
    month_accidents: int = Field(title="当月起数")
    month_accidents_before: int = Field(title="上年同月起数")
    month_deaths: int = Field(title="当月死亡")
    month_deaths_before: int = Field(title="上年同月死亡")
    accidents: int = Field(title="累计起数")
    accidents_before: int = Field(title="上年同期起数")
    accidents_change: int = Field(title="起数增减")
    accidents_change_percent: Figure | None = Field(title="起数同比（%）")
    larger_and_graver: int = Field(title="较大及以上起数")
    deaths: int = Field(title="累计死亡")
    deaths_before: int = Field(title="上年同期死亡")
    deaths_change: int = Field(title="死亡增减")
    deaths_change_percent: Figure | None = Field(title="死亡同比（%）")
    serious_injuries: int = Field(title="累计重伤")
    direct_loss_wan: Figure = Field(title="累计直接经济损失（万元）")

    @classmethod
    def of(cls, by: str, line: Line, *, chinese: bool) -> Self:
        """A line of a breakdown."""
        month, together = line.month, line.cumulative
        return cls(
            breakdown=by,
            code=line.code,
            name=line.zh if chinese else line.en,
            month_accidents=month.now.accidents,
            month_accidents_before=month.before.accidents,
            month_deaths=month.now.deaths,
            month_deaths_before=month.before.deaths,
            accidents=together.now.accidents,
            accidents_before=together.before.accidents,
            accidents_change=together.accidents.difference,
            accidents_change_percent=together.accidents.percent,
            larger_and_graver=together.now.graver,
            deaths=together.now.deaths,
            deaths_before=together.before.deaths,
            deaths_change=together.deaths.difference,
            deaths_change_percent=together.deaths.percent,
            serious_injuries=together.now.serious_injuries,
            direct_loss_wan=together.now.direct_loss_wan,
        )


def rows_of(analysis: Analysis, *, chinese: bool) -> Iterator[AnalysisRow]:
    """An analysis as lines: the total, what does not count and why, and every breakdown."""
    yield AnalysisRow.of("total", analysis.total, chinese=chinese)
    yield AnalysisRow.of("struck_off", analysis.struck_off, chinese=chinese)
    if analysis.left_out is not None:
        yield AnalysisRow.of("left_out", analysis.left_out, chinese=chinese)
    for part in analysis.breakdowns:
        for line in part.lines:
            yield AnalysisRow.of(part.by, line, chinese=chinese)
