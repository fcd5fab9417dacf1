"""When a unit must have reported, how late a report is, what it must hold and what it tells of."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from reference import city, national, nearby
from reference.cityrows import Place
from reference.national.rows import Content, Deadline, SeriousIncident
from reference.terms import Grade, Level

FINAL = "final"
_DOUBT = 0.7
_DAYS_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """A report against its deadline."""

    due_at: datetime
    by_seconds: int
    """Begun seconds after the deadline; 0 when in time."""

    @property
    def late(self) -> bool:
        """Whether the report came after its deadline."""
        return self.by_seconds > 0


def unit_report_due(*, known_at: datetime, on: date) -> datetime:
    """A unit's head reports within one hour of being told (Decree 493, 9)."""
    hours = national.DEADLINES.one("unit_report", on=on).hours
    return known_at + timedelta(hours=float(hours or 0))


def lateness(*, known_at: datetime, received_at: datetime, on: date) -> Lateness:
    """How late a unit's report is; the full hour itself is in time (Rules on Fines, 5)."""
    due = unit_report_due(known_at=known_at, on=on)
    over = math.ceil((received_at - due).total_seconds())
    return Lateness(due_at=due, by_seconds=max(over, 0))


def told_by_unit(grade: Grade, *, on: date) -> tuple[Deadline, ...]:
    """Whom a unit tells beside the county: the province from a larger accident on (Order 21, 6).

    From a major one on it may tell the nation too. The hour is that of its first report.
    """
    return tuple(
        row
        for row in national.DEADLINES.at(on)
        if row.counted_from == "known_at"
        and row.to_level not in (None, Level.COUNTY)
        and grade.at_least(row.least_grade)
    )


def unstated(stated: Collection[str], *, kind: str, on: date) -> tuple[Content, ...]:
    """What a report of a kind must hold and does not say (Decree 493, 12).

    `stated` names the fields of the report that say something.
    """
    said = set(stated)
    return tuple(row for row in _contents(kind, on) if said.isdisjoint(row.any_of))


@lru_cache(maxsize=_DAYS_KEPT)
def _contents(kind: str, on: date) -> tuple[Content, ...]:
    return tuple(row for row in national.CONTENTS.at(on) if kind in row.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """Who and what is in danger, as stated."""

    endangered: int = 0
    """Everybody the event puts at risk, harmed or not."""
    stuck: int = 0
    """Trapped or missing."""
    evacuated: int = 0
    judged: frozenset[str] = frozenset()
    """Grounds that a person states: environment, facilities, other."""


def larger_risk(danger: Danger, *, on: date) -> tuple[SeriousIncident, ...]:
    """Ten endangered, three trapped or missing, 500 evacuated, or a stated ground (Order 21, 26).

    A bound counts as inside; any one ground suffices.
    """
    counts = {
        "endangered": danger.endangered,
        "trapped_or_missing": danger.stuck,
        "evacuated": danger.evacuated,
    }
    return tuple(
        row
        for row in _grounds(on)
        if (
            row.code in danger.judged
            if row.at_least is None
            else counts[row.measure] >= row.at_least
        )
    )


@lru_cache(maxsize=_DAYS_KEPT)
def _grounds(on: date) -> tuple[SeriousIncident, ...]:
    return national.SERIOUS_INCIDENTS.at(on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where a point without a named place is taken to lie."""

    region_code: str
    settled: bool
    """False where a desk must say which county it is."""
    nearest: tuple[str, ...]
    """The counties that come into question, nearest first."""


def placing(point: Place, *, on: date) -> Placing:
    """A point lies in the county whose seat is clearly the nearest (platform).

    Where another seat is nearly as near, or the point lies outside of the city, the city
    itself stands for it until a desk says where it is.
    """
    whole = city.current().code
    near = nearby.counties(point, on=on) if nearby.inside(point) else ()
    codes = tuple(found.region for found in near[:3])
    if near and (len(near) == 1 or near[0].metres <= near[1].metres * _DOUBT):
        return Placing(region_code=near[0].region, settled=True, nearest=codes)
    return Placing(region_code=whole, settled=False, nearest=codes)
