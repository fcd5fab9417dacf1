"""The whole of a monthly analysis: figures, and what they mean for the year's targets."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.incidents.statistics.domain import Number
from services.incidents.statistics.domain_analysis import Breakdown, Discrepancy, Line, Point
from services.incidents.statistics.domain_forecast import Forecast


class FigureKind(StrEnum):
    """Figures that others publish. Each covers the year up to the end of a month."""

    PROVINCE_ACCIDENTS = "province_accidents"  # 全省事故起数
    PROVINCE_DEATHS = "province_deaths"  # 全省死亡人数
    CONSTRUCTION_OUTPUT = "construction_output_yi"  # 建筑业总产值（亿元）


class Basis(StrEnum):
    """What the figures were read from; both give the same."""

    ROLLUP = "rollup"  # 汇总表
    RECOUNT = "recount"  # 逐起重算


class Outlook(StrEnum):
    """Whether a target will be kept, by both ends of the forecast."""

    SAFE = "safe"  # 预计可完成
    OPEN = "open"  # 不确定
    MISSED = "missed"  # 预计难以完成


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A figure from outside with its source."""

    kind: FigureKind
    value: Number
    source: str
    published_on: date | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A part of a whole in per cent; without one where the whole is 0 or not known."""

    part: int
    whole: Number | None
    percent: Number | None
    reason: str | None = None
    """zero_base or not_stated."""
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What a year's reductions are measured against: as frozen, and without the struck off."""

    year: int
    accidents: int
    deaths: int
    frozen_at: datetime
    struck_off_accidents: int
    struck_off_deaths: int
    adjusted_accidents: int
    adjusted_deaths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """How the month's accidents were entered in the national statistics."""

    asked: int
    entered_late: int
    completed_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Why the year so far is not the last bulletin's figure plus this month's accidents."""

    month: date
    """Up to which month that bulletin counted."""
    issued_accidents: int
    issued_deaths: int
    now_accidents: int
    now_deaths: int
    left_accidents: int
    """Of those counted then, struck off or merged since."""
    left_deaths: int
    other_accidents: int
    """What remains: moved, reported late, or with changed figures."""
    other_deaths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target of the plan: where it stands, and where the year is heading."""

    code: str
    zh: str
    en: str
    metric: str
    comparator: str
    target: Number
    unit: str
    value: Number | None
    reason: str | None
    kept: bool | None
    low: Number | None
    """The value at the end of the year, at the better end of the forecast."""
    high: Number | None
    """At the worse end."""
    outlook: Outlook | None
    room: int | None
    """How many more accidents or deaths the target leaves this year; below 0 it is missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The situation of a place in a month."""

    region_code: str
    zh: str
    en: str
    month: date
    made_at: datetime
    basis: Basis
    total: Line
    struck_off: Line
    left_out: Line | None = None
    """Nobody harmed and little lost: not counted for now. None in what was issued before."""
    breakdowns: tuple[Breakdown, ...]
    series: tuple[Point, ...]
    forecast_accidents: Forecast
    forecast_deaths: Forecast
    stated: tuple[Stated, ...]
    share_of_province: Ratio
    closed_on_time: Ratio
    construction_death_rate: Number | None
    base: Base | None
    entries: Entries
    revision: Revision | None
    targets: tuple[Target, ...]
    discrepancies: tuple[Discrepancy, ...]

    def by(self, name: str) -> Breakdown:
        """One of its breakdowns."""
        return next(part for part in self.breakdowns if part.by == name)

    def line(self, name: str, code: str) -> Line | None:
        """One line of a breakdown, if there is any."""
        return next((line for line in self.by(name).lines if line.code == code), None)
