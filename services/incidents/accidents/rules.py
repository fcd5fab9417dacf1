"""The grade of an accident, until when new figures may move it, and whether it is too slight.

Regulations on the Reporting, Investigation and Handling of Production Safety Accidents
(Decree 493); the figures stand in the dated rows of the national pack.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kernel import calendar
from reference import accidents, national
from reference.national.rows import ChangeWindow, GradeRow
from reference.packs import NothingInForce
from reference.terms import Grade

WORK_SAFETY = "work_safety"
FOREST_FIRE = "forest_fire"


class Measure(StrEnum):
    """By which figure an accident has its grade."""

    DEATHS = "deaths"  # 死亡人数
    SERIOUS_INJURIES = "serious_injuries"  # 重伤人数
    DIRECT_LOSS = "direct_loss"  # 直接经济损失
    BURNT_AREA = "burnt_area"  # 受害森林面积
    NONE = "none"  # 未达到更高等级的任何标准


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What an accident cost, as stated: people as counts, loss in ten thousand yuan.

    `burnt_area_ha` is burnt forest in hectares; only the scale of forest fires asks for it.
    """

    deaths: int = 0
    missing: int = 0
    serious_injuries: int = 0
    minor_injuries: int = 0
    trapped: int = 0
    evacuated: int = 0
    missing_presumed_dead: bool = False
    direct_loss_wan: Decimal | None = None
    burnt_area_ha: Decimal | None = None

    @property
    def counted_deaths(self) -> int:
        """The dead, with the missing once they are presumed dead."""
        return self.deaths + (self.missing if self.missing_presumed_dead else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A grade with its reason: the figure, the bound it reached and the row that says so."""

    grade: Grade
    estimated_grade: Grade
    """The grade if all the missing are dead."""
    measure: Measure
    value: int | Decimal | None
    threshold: int | Decimal | None
    row: GradeRow


def scale_of(accident_type: str) -> str:
    """Which scale grades a kind of accident: forest fires have their own (Forest Fires 40)."""
    return FOREST_FIRE if accident_type == FOREST_FIRE else WORK_SAFETY


def grade(figures: Figures, *, on: date, scale: str = WORK_SAFETY) -> Verdict:
    """The worst grade that any one figure reaches; a bound counts as inside (Decree 493, 3).

    The missing count as dead once they are presumed dead; until then they show in the
    estimated grade only. Injured people count when the injury is serious, never in total.
    """
    rows = _worst_first(on, scale)
    row, measure, value, threshold = _reached(rows, figures, deaths=figures.counted_deaths)
    worst, *_ = _reached(rows, figures, deaths=figures.deaths + figures.missing)
    return Verdict(
        grade=row.code,
        estimated_grade=worst.code,
        measure=measure,
        value=value,
        threshold=threshold,
        row=row,
    )


def _worst_first(on: date, scale: str) -> list[GradeRow]:
    rows = [row for row in national.GRADES.at(on) if row.scale == scale]
    if not rows:
        raise NothingInForce(f"no grades of {scale} in force on {on.isoformat()}")
    return sorted(rows, key=lambda row: row.code.rank, reverse=True)


Reached = tuple[GradeRow, Measure, int | Decimal | None, int | Decimal | None]


def _reached(rows: list[GradeRow], figures: Figures, *, deaths: int) -> Reached:
    for row in rows:
        for measure, value, threshold in _bounds(row, figures, deaths):
            if threshold is not None and value is not None and value >= threshold:
                return row, measure, value, threshold
    return rows[-1], Measure.NONE, None, None


Bound = tuple[Measure, int | Decimal | None, int | Decimal | None]


def _bounds(row: GradeRow, figures: Figures, deaths: int) -> Iterator[Bound]:
    yield Measure.DEATHS, deaths, row.deaths
    yield Measure.SERIOUS_INJURIES, figures.serious_injuries, row.serious_injuries
    yield Measure.DIRECT_LOSS, figures.direct_loss_wan, row.direct_loss_wan
    yield Measure.BURNT_AREA, figures.burnt_area_ha, row.area_ha


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Until when changed figures move the grade; at that very instant it is too late."""

    closes_at: datetime
    row: ChangeWindow


def window(accident_type: str, *, occurred_at: datetime) -> Window:
    """30 days for changed casualties, 7 on the road and in fires (Decree 493, 13).

    The day of the accident is not counted and the window closes at 24:00 of its last day
    (Civil Code 201); it is not extended over a day off.
    """
    first = calendar.day_of(occurred_at)
    row = accidents.window(accident_type, on=first)
    return Window(closes_at=calendar.window_closes_at(first, row.days), row=row)


def counts(*, at: datetime, closes_at: datetime) -> bool:
    """Whether figures that come in at an instant still move the grade (Decree 493, 13)."""
    return at < closes_at


def left_out(figures: Figures, *, scale: str, on: date) -> bool:
    """Nobody harmed and less lost than the amount: not counted for now (Statistics Measures, 5).

    The missing may have come to harm, so with them it counts. A loss that nobody has stated is
    none yet. `on` is the day of the accident.
    """
    row = national.LEFT_OUT.get(scale, on=on)
    people = figures.deaths, figures.missing, figures.serious_injuries, figures.minor_injuries
    return (
        row is not None
        and not any(people)
        and (figures.direct_loss_wan or Decimal()) < row.loss_below_wan
    )
