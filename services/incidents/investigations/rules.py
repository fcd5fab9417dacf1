"""Which level investigates an accident, and when that climbs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reference import escalations, national, regions, units
from reference.national.rows import Escalation
from reference.terms import Finding, FindingStatus, Grade, Level, Regime
from services.incidents.accidents.rules import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who holds an investigation, by which rule."""

    level: Level
    unit: str
    rule: str


def authority(
    *, regime: Regime, grade: Grade, region: str, on: date, today: date, levels_up: int = 0
) -> Authority:
    """Government of the level that the grade names, or the coal mine organs (Decree 493, 19).

    `on` is the day of the accident, whose law decides; `today` names the organ as it is now.
    A place without the level below it investigates itself. `levels_up` is how far the case
    has climbed.
    """
    row = national.AUTHORITIES.one((regime, grade), on=on)
    there = [place.level for place in regions.ancestors(region) if not place.park]
    level = standing(row.level, there=there, levels_up=levels_up)
    place = regions.at_level(region, level)
    return Authority(
        level=level, unit=units.governing(place.code, row.organ, on=today).code, rule=row.rule
    )


def level_of(*, regime: Regime, grade: Grade, on: date) -> Level:
    """The level whose organ investigates accidents of a grade (Decree 493, 19)."""
    return national.AUTHORITIES.one((regime, grade), on=on).level


def standing(named: Level, *, there: Sequence[Level], levels_up: int = 0) -> Level:
    """The named level, or the next above it that the place has, climbed (Decree 493, 19 and 20).

    `there` are the levels of government at the place, lowest first: a municipality has no city
    between it and its districts, some cities have no counties.
    """
    lowest = next(level for level in there if level.at_least(named))
    climbed = lowest.up(levels_up)
    return next(level for level in there if level.at_least(climbed))


def escalation(
    *, finding: Finding, status: FindingStatus, grade: Grade, on: date
) -> Escalation | None:
    """The binding ground on which a finding makes the investigation climb (Decree 493, 20).

    Grounds that leave it to a government's judgement are offered to people, not applied.
    """
    for row in escalations.rows(on=on):
        if row.mandatory and _matches(row, finding, status, grade):
            return row
    return None


def _matches(row: Escalation, finding: Finding, status: FindingStatus, grade: Grade) -> bool:
    return (
        row.ground == "finding"
        and row.finding is finding
        and (row.finding_status is None or status.at_least(row.finding_status))
        and grade.at_least(row.least_grade)
    )


class Inquiry(StrEnum):
    """What an investigation looks into."""

    CASUALTIES = "casualties"  # 造成人员伤亡的事故
    NEAR_MISS = "near_miss"  # 较大涉险事故
    NO_CASUALTIES = "no_casualties"  # 未造成人员伤亡的事故


def inquiry(figures: Figures, *, risks: Collection[str]) -> Inquiry:
    """An accident that harmed nobody is looked into as well, and one that endangered many as
    a larger-risk incident (Decree 493, 44; Order 21, 26).

    `risks` are the grounds that make it one, whether counted or judged.
    """
    if figures.counted_deaths or figures.serious_injuries or figures.minor_injuries:
        return Inquiry.CASUALTIES
    if risks:
        return Inquiry.NEAR_MISS
    return Inquiry.CASUALTIES if figures.missing else Inquiry.NO_CASUALTIES
