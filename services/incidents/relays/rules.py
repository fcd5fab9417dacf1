"""How a report climbs: who gets it first, which levels follow, and when each is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reference import national, regions, units
from reference.national.rows import Deadline
from reference.terms import Grade, Level
from reference.units import Unit

DESK = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHop:
    """One hop: `level` is the level it reaches."""

    level: Level
    from_unit: str
    to_unit: str
    due_at: datetime
    rule: str


def receiving_unit(region: str, *, desk: str | None, on: date) -> Unit:
    """The desk that took a report, else the emergency authority of the place (Decree 493, 9)."""
    if desk is not None:
        return units.unit(desk, on=on)
    return units.governing(region, DESK, on=on)


def hop_deadline(from_level: Level, *, on: date) -> Deadline:
    """Each level passes a report on within two hours of its receipt (Decree 493, 11)."""
    return national.DEADLINES.one(f"relay_{from_level}", on=on)


def hop_due(from_level: Level, *, received_at: datetime, on: date) -> datetime:
    """When a level that received a report at an instant must have passed it on (Decree 493, 11)."""
    return received_at + timedelta(hours=float(hop_deadline(from_level, on=on).hours or 0))


def reach(grade: Grade, *, on: date) -> Level:
    """The highest level that must hear of an accident of a grade (Decree 493, 10)."""
    return national.REACHES.one(grade, on=on).level


def plan(
    *, region: str, receiver: Unit, grade: Grade, received_at: datetime, on: date
) -> tuple[PlannedHop, ...]:
    """The hops above the receiver up to the level the grade asks for (Decree 493, 10 and 11).

    Until a hop is made, the next one is planned as if each level took its whole time.
    """
    hops: list[PlannedHop] = []
    highest = reach(grade, on=on)
    level, sender, due = receiver.level, receiver.code, received_at
    while level.rank < highest.rank:
        deadline = hop_deadline(level, on=on)
        due = hop_due(level, received_at=due, on=on)
        level = level.up()
        to = desk_at(region, level, on=on)
        hops.append(
            PlannedHop(level=level, from_unit=sender, to_unit=to, due_at=due, rule=deadline.rule)
        )
        sender = to
    return tuple(hops)


def desk_at(region: str, level: Level, *, on: date) -> str:
    """The emergency authority above a place at a level (Decree 493, 10)."""
    place = regions.at_level(region, level)
    return units.governing(place.code, DESK, on=on).code


def late(*, due_at: datetime, at: datetime) -> bool:
    """Whether something came after its deadline; at it, it is in time (Rules on Fines, 5)."""
    return at > due_at
