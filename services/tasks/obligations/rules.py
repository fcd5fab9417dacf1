"""Who may review what, and how long a duty that an event set off may take. Pure."""

from datetime import date, datetime, timedelta

from kernel import calendar
from kernel.calendar import Calendar
from reference import regions
from reference.terms import UnitKind

DEFAULT_DAYS = 30
"""For duties of a plan that name no period. A convention of the platform, not law: a duty's
own `within_days` in the city's pack goes before it."""

_INSTANT = timedelta(microseconds=1)

GOVERNING = frozenset(
    {UnitKind.PARTY_COMMITTEE.value, UnitKind.GOVERNMENT.value, UnitKind.PARK_COMMITTEE.value}
)


def triggered_due(*, happened_on: date, within_days: int | None, days_off: Calendar) -> datetime:
    """When a duty that an event set off falls due: 24:00 of its last day (Civil Code, 201).

    The day itself is not counted; a last day that is off moves to the next working day, as
    far as the calendar is known (Civil Code, 203).
    """
    last = calendar.add_days(happened_on, DEFAULT_DAYS if within_days is None else within_days)
    if last.year in days_off.years:
        last = calendar.rolled_forward(last, calendar=days_off)
    return calendar.closes_at(last)


def resumed_due(
    due_at: datetime, *, ended_at: datetime, resumed_at: datetime, days_off: Calendar
) -> datetime:
    """When something falls due that nobody owed for a while (platform).

    As much time is left as was left when it ended. A last day stays a whole day, and moves off
    a day that is none of work (Civil Code, 203). What had been due by then stays due when it was.
    """
    if due_at <= ended_at:
        return due_at
    moved = due_at + (resumed_at - ended_at)
    if calendar.closes_at(calendar.day_of(due_at - _INSTANT)) != due_at:
        return moved
    last = calendar.day_of(moved - _INSTANT)
    if last.year in days_off.years:
        last = calendar.rolled_forward(last, calendar=days_off)
    return calendar.closes_at(last)


def may_review(*, reviewer_region: str, region_code: str, unit_kind: str | None) -> bool:
    """Whether an office stands high enough to accept what a subject handed in (Work Safety Law, 9).

    The office of a place reviews the place's departments and enterprises. What a Party
    committee or government handed in is reviewed from above: an office does not judge those
    whom it serves.
    """
    if not region_code.startswith(reviewer_region):
        return False
    above = len(reviewer_region) < len(regions.prefix(region_code))
    return above or unit_kind not in GOVERNING
