"""Whom a desk that received a report tells beside its own line, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel import calendar
from reference import national, units
from reference.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A body to be told: its slug, its unit, and by when."""

    code: str
    unit: str
    due_at: datetime
    rule: str


def addressees(*, desk: Unit, received_at: datetime) -> tuple[Addressee, ...]:
    """Government, police, labour, union and procuratorate are told of a report (Decree 493, 10).

    Each is the one of the desk's own place, or of the nearest place above that has one; a body
    that is not in the packs is not asked for.
    """
    on = calendar.day_of(received_at)
    found = []
    for row in national.NOTICES.at(on):
        try:
            unit = units.governing(desk.region, row.code, on=on)
        except units.UnknownUnit:
            continue
        due = received_at + timedelta(hours=float(row.hours))
        found.append(Addressee(code=row.code, unit=unit.code, due_at=due, rule=row.rule))
    return tuple(found)
