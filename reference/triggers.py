"""Which duties of a yearly plan an event sets off."""

from datetime import date

from reference import city
from reference.cityrows import Duty, Trigger
from reference.terms import Finding, FindingStatus, Grade


def duties_set_off(
    *,
    event: str,
    grade: Grade | None = None,
    finding: Finding | None = None,
    finding_status: FindingStatus | None = None,
    casualties: bool | None = None,
    on: date,
) -> tuple[Duty, ...]:
    """The event-triggered duties of that year's plan; `event` is the subject without version."""
    plan = city.current().plans.get(on.year)
    if plan is None:
        return ()
    pulled = {
        row.code
        for row in plan.triggers.at(on)
        if event in row.events
        and _grave_enough(row, grade)
        and _found(row, finding, finding_status)
        and not (row.without_casualties and casualties is not False)
    }
    return tuple(duty for duty in plan.duties.at(on) if duty.trigger in pulled)


def _grave_enough(row: Trigger, grade: Grade | None) -> bool:
    return row.least_grade is None or (grade is not None and grade.at_least(row.least_grade))


def _found(row: Trigger, finding: Finding | None, status: FindingStatus | None) -> bool:
    if row.findings and finding not in row.findings:
        return False
    if row.finding_status is None:
        return True
    return status is not None and status.at_least(row.finding_status)
