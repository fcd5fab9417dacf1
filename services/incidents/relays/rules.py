"""How a report climbs: who gets it first, which levels follow, and when each is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kernel import calendar
from reference import national, regions, units
from reference.national.rows import Deadline
from reference.terms import Grade, Level
from reference.units import Unit

DESK = "emergency"


class Means(StrEnum):
    """By what a hop is made in time."""

    TEXT = "text"  # 书面上报
    PHONE = "phone"  # 电话快报


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedHop:
    """One hop: `level` is the level it reaches."""

    level: Level
    from_unit: str
    to_unit: str
    due_at: datetime
    rule: str
    means: Means = Means.TEXT
    received_at: datetime | None = None
    """When the sender had the report; None while it still waits for it."""


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
    held: datetime | None = received_at
    while level.rank < highest.rank:
        deadline = hop_deadline(level, on=on)
        due = hop_due(level, received_at=due, on=on)
        level = level.up()
        to = desk_at(region, level, on=on)
        hops.append(
            PlannedHop(
                level=level,
                from_unit=sender,
                to_unit=to,
                due_at=due,
                rule=deadline.rule,
                received_at=held,
            )
        )
        sender, held = to, None
    return tuple(hops)


def calls(
    *, region: str, sender: Unit, grade: Grade, received_at: datetime, counted_from: datetime
) -> tuple[PlannedHop, ...]:
    """From a larger accident on, the province is telephoned within the hour (Order 21, 8 and 9).

    The province telephones the nation from a major accident on. A call goes past the levels
    between and spares none of them its written report (Decree 493, 10).
    """
    on = calendar.day_of(counted_from)
    return tuple(
        PlannedHop(
            level=row.to_level,
            from_unit=sender.code,
            to_unit=desk_at(region, row.to_level, on=on),
            due_at=counted_from + timedelta(hours=float(row.hours or 0)),
            rule=row.rule,
            means=Means.PHONE,
            received_at=received_at,
        )
        for row in national.DEADLINES.at(on)
        if row.by_phone
        and row.from_level is sender.level
        and row.to_level is not None
        and grade.at_least(row.least_grade)
    )


def desk_at(region: str, level: Level, *, on: date) -> str:
    """The emergency authority above a place at a level (Decree 493, 10)."""
    place = regions.at_level(region, level)
    return units.governing(place.code, DESK, on=on).code


def late(*, due_at: datetime, at: datetime) -> bool:
    """Whether something came after its deadline; at it, it is in time (Rules on Fines, 5)."""
    return at > due_at
