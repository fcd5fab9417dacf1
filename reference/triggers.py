"""Which duties of a yearly plan an event sets off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reference import city
from reference.cityrows import Duty, Trigger
from reference.terms import Finding, FindingStatus, Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened, as far as triggers ask; `event` is the subject without the version."""

    event: str
    grade: Grade | None = None
    finding: Finding | None = None
    finding_status: FindingStatus | None = None
    casualties: bool | None = None


def pulled(what: Happening, *, on: date) -> frozenset[str]:
    """Which triggers something that happened pulls, of those of that year's plan.

    A year for which the pack has no plan has the triggers of the one before.
    """
    return frozenset(
        row.code
        for row in _triggers(on)
        if what.event in row.events
        and _grave_enough(row, what.grade)
        and _found(row, what.finding, what.finding_status)
        and not (row.without_casualties and what.casualties is not False)
    )


def duties_set_off(what: Happening, *, on: date) -> tuple[Duty, ...]:
    """The event-triggered duties of the pack's plan of that year that it sets off."""
    plan = city.current().plans.get(on.year)
    if plan is None:
        return ()
    found = pulled(what, on=on)
    return tuple(duty for duty in plan.duties.at(on) if duty.trigger in found)


def events_of(trigger: str, *, on: date) -> tuple[str, ...]:
    """The facts that pull a trigger; none where a person must say that it happened."""
    return tuple(event for row in _triggers(on) if row.code == trigger for event in row.events)


def told(trigger: str, *, on: date) -> bool:
    """Whether a person may say that it happened, though facts pull it: they cover a part of it."""
    return any(row.told for row in _triggers(on) if row.code == trigger)


def _triggers(on: date) -> Iterable[Trigger]:
    plans = city.current().plans
    year = max((year for year in plans if year <= on.year), default=None)
    if year is None:
        return ()
    return plans[year].triggers.at(on if year == on.year else date(year, 12, 31))


def _grave_enough(row: Trigger, grade: Grade | None) -> bool:
    return row.least_grade is None or (grade is not None and grade.at_least(row.least_grade))


def _found(row: Trigger, finding: Finding | None, status: FindingStatus | None) -> bool:
    if row.findings and finding not in row.findings:
        return False
    if row.finding_status is None:
        return True
    return status is not None and status.at_least(row.finding_status)
