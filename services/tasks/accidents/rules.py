"""Who must go, who must investigate and who is held to account for an accident. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from kernel import calendar
from reference import national, regions, units
from reference.chains import Answering
from reference.terms import Grade, Level, UnitKind
from reference.units import Roll, Unit

INVESTIGATION_DAYS = 60
INVESTIGATION_RULE = "decree-493 29@2007-06-01"
STATUTORY_ACCOUNTABILITY = "decree-493 36@2007-06-01"

_LEADERS_ATTEND = "work-safety-law 85@2021-09-01"
_GOVERNMENTS = frozenset({UnitKind.GOVERNMENT, UnitKind.PARK_COMMITTEE})
# Bodies of a place that answer for whatever happens in it; departments answer for their field.
_OF_THE_PLACE = _GOVERNMENTS | {
    UnitKind.PARTY_COMMITTEE,
    UnitKind.SAFETY_COMMITTEE,
    UnitKind.COMMITTEE_OFFICE,
}


@dataclass(frozen=True, slots=True)
class Attendant:
    """A unit whose head must go to the scene, and by which rule."""

    unit: str
    rule: str


def attendants(
    *, grade: Grade, region: str, answering: Answering, on: date
) -> tuple[Attendant, ...]:
    """Whose heads go to the scene at once (Order 21, 18; Work Safety Law, 85).

    The emergency authority of the level that the grade names; the departments that lead the
    field and the governments of the territory, up to that level. Of an accident that is placed
    in a city as a whole, the city's: no county is known.
    """
    row = national.ATTENDANCE.one(grade, on=on)
    level = max(row.level, regions.region(region).level, key=lambda one: one.rank)
    place = regions.at_level(region, level)
    first = Attendant(units.governing(place.code, "emergency", on=on).code, row.rule)
    governments = [code for code in answering.territorial if _kind(code, on=on) in _GOVERNMENTS]
    others = [
        Attendant(code, _LEADERS_ATTEND)
        for code in (*answering.lead, *governments)
        if code != first.unit and _within(code, level, on=on)
    ]
    return (first, *others)


def investigation_due(*, happened_on: date) -> datetime:
    """The report is due sixty days after the day of the accident (Decree 493, 29)."""
    return calendar.window_closes_at(happened_on, INVESTIGATION_DAYS)


def bound(
    subjects: Collection[str], *, region: str, answering: Answering, roll: Roll
) -> tuple[str, ...]:
    """Which subjects of a duty one accident binds: those who answer for it (Work Safety Law, 3).

    Departments answer through the chain of the field; Party committees, governments and
    safety committees for all that happens in their place.
    """
    chain = {*answering.lead, *answering.supporting, *answering.territorial}
    places = {place.code for place in regions.ancestors(region)}
    return tuple(code for code in subjects if code in chain or _stands(roll[code], places))


def _stands(unit: Unit, places: Collection[str]) -> bool:
    return unit.region in places and unit.township is None and unit.kind in _OF_THE_PLACE


def accountable(*, answering: Answering, on: date) -> tuple[str, ...]:
    """Who looks into a false or concealed report where no plan says so (Decree 493, 39).

    The departments that lead the field and the governments of the territory.
    """
    governments = [code for code in answering.territorial if _kind(code, on=on) in _GOVERNMENTS]
    return (*answering.lead, *governments)


def _kind(code: str, *, on: date) -> UnitKind:
    return units.unit(code, on=on).kind


def _within(code: str, level: Level, *, on: date) -> bool:
    return level.at_least(_level(code, on=on))


def _level(code: str, *, on: date) -> Level:
    """The level of a unit; of one that an office recorded and named as lead, its place's."""
    if units.exists(code, on=on):
        return units.unit(code, on=on).level
    return regions.region(code.partition(".")[0]).level
