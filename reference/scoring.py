"""Who is ranked among whom, by which indicators, and in which year an accident counts.

Weights, windows and thresholds are rows of the city's pack; the day says which are in force.
"""

from datetime import date

from kernel.calendar import Cadence
from reference import city, units
from reference.scorerows import (
    AssessmentWindow,
    CadenceRow,
    CardEffect,
    Indicator,
    PeerGroup,
    ScoreLimit,
    StatedGround,
)
from reference.scorerows import Threshold as ThresholdRow
from reference.terms import Card, Level
from reference.units import Unit

_WINDOW = "assessment"


def groups(*, on: date) -> tuple[PeerGroup, ...]:
    """Every group of peers, in the order of the pack."""
    return city.current().peer_groups.at(on)


def group(code: str, *, on: date) -> PeerGroup:
    """One group of peers."""
    return city.current().peer_groups.one(code, on=on)


def members(of: PeerGroup, *, on: date) -> tuple[Unit, ...]:
    """The units of a group as the packs know them, by code."""
    within = city.current().code
    found = (
        unit
        for unit in units.units(on=on)
        if _sort(unit, within) == of.at
        and (of.role in unit.roles if of.role else _slug(unit) == of.slug)
    )
    return tuple(sorted(found, key=lambda unit: unit.code))


def _sort(unit: Unit, within: str) -> str | None:
    if unit.township is not None:
        return "township"
    if unit.region == within:
        return "city"
    if unit.level is not Level.COUNTY:
        return None
    return "park" if city.current().parks.of(unit.region) else "county"


def _slug(unit: Unit) -> str:
    slug = unit.code.partition(".")[2]
    return slug.removeprefix(f"{unit.township}_") if unit.township else slug


def cadence(code: Cadence, *, on: date) -> CadenceRow:
    """How often, and what it is called."""
    return city.current().cadences.one(code, on=on)


def cadences(*, on: date) -> tuple[CadenceRow, ...]:
    """Every rhythm in which scores are computed."""
    return city.current().cadences.at(on)


def indicators(group: str, cadence: Cadence, *, on: date) -> tuple[Indicator, ...]:
    """The indicators of a group in a rhythm, in the order of the pack."""
    rows = city.current().indicators.at(on)
    return tuple(row for row in rows if group in row.groups and cadence in row.cadences)


def window(*, on: date) -> AssessmentWindow | None:
    """How the year of the assessment is cut; None before anything said so."""
    return city.current().windows.get(_WINDOW, on=on)


def objection_days(*, on: date) -> int:
    """Within how many working days a unit objects to its score."""
    return city.current().score_limits.one("score_objection", on=on).working_days


def ruling_limit(*, on: date) -> ScoreLimit:
    """Within how many working days an objection to a score is ruled on, and by which rule."""
    return city.current().score_limits.one("score_ruling", on=on)


def card_decision_days(*, on: date) -> int:
    """Within how many working days after the reply somebody decides on a card."""
    return city.current().score_limits.one("card_decision", on=on).working_days


def thresholds(group: str, *, on: date) -> tuple[ThresholdRow, ...]:
    """What warns or bars the units of a group."""
    return tuple(row for row in city.current().thresholds.at(on) if row.group == group)


def failing(group: str, *, on: date) -> StatedGround | None:
    """What bars the units of a group that failed the assessment of a year, if anything does."""
    rows = city.current().stated_grounds.at(on)
    return next((row for row in rows if group in row.groups), None)


def effect(card: Card, *, on: date) -> CardEffect:
    """What a card bars, and for how long."""
    return city.current().card_effects.one(card, on=on)
