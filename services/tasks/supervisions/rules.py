"""When the steps of a supervisory order are due, and who may issue and sign one. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from kernel import calendar
from kernel.calendar import BeyondCalendar, Calendar
from reference import regions, supervisions
from reference.national.rows_supervisions import SupervisionLimit, SupervisionRule
from reference.terms import Level, SupervisionCause, SupervisionKind, SupervisionStep, UnitKind
from services.tasks.orders import rules as orders
from services.tasks.orders.rules import Due


def due(
    step: SupervisionStep, kind: SupervisionKind, *, since: datetime, days_off: Calendar
) -> Due:
    """A step is due by the limit of its kind that is in force on the day it begins (platform).

    Where the limit leaves the loaded calendar every day counts as worked: what is asked for
    too early can be put right, what nobody asks for is lost.
    """
    row = supervisions.limit(step, kind, on=calendar.day_of(since))
    return until(_ends_at(row, since=since, days_off=days_off), row, since=since, days_off=days_off)


def stated_due(day: date, kind: SupervisionKind, *, since: datetime, days_off: Calendar) -> Due:
    """A deadline that the order itself names ends with its day (Civil Code, 203)."""
    row = supervisions.limit(SupervisionStep.ANSWER, kind, on=calendar.day_of(since))
    return until(calendar.closes_at(day), row, since=since, days_off=days_off)


def until(ends: datetime, row: SupervisionLimit, *, since: datetime, days_off: Calendar) -> Due:
    """A warning goes out so many working days before the last one (platform)."""
    warn = orders.warns_at(ends, working_days=row.warn_before, since=since, days_off=days_off)
    return Due(at=ends, warn_at=warn, rule=row.rule)


def _ends_at(row: SupervisionLimit, *, since: datetime, days_off: Calendar) -> datetime:
    """A period ends at 24:00 of its last day; beyond the calendar each day counts (platform)."""
    try:
        return orders.ends_at(row, length=row.length, since=since, days_off=days_off)
    except BeyondCalendar:
        return calendar.window_closes_at(calendar.day_of(since), row.length)


def extended(due_at: datetime, *, working_days: int, days_off: Calendar) -> datetime:
    """An extension runs on from the last day of the deadline it extends (platform)."""
    last = calendar.day_of(due_at - timedelta(seconds=1))
    return calendar.working_days_close_at(last, working_days, calendar=days_off)


def may_issue(row: SupervisionRule, *, kind: UnitKind, level: Level) -> bool:
    """Whether a unit of that kind and level issues such orders (platform)."""
    return kind in row.issuers and level.at_least(row.lowest)


def signs(
    row: SupervisionRule,
    *,
    roles: Collection[str],
    unit: str | None,
    region: str | None,
    issuer: str,
    line: Collection[str],
) -> bool:
    """Whether somebody signs such orders of a unit: by role, unit and place (platform).

    `line` is the unit and all above it. Whom a unit reports to in its own place signs for it;
    those of a higher place supervise it and do not sign in its name.
    """
    place = regions.prefix(issuer.partition(".")[0])
    return region == place and unit in line and bool(set(roles) & set(row.signers))


def reaches(issuer: str, unit: str) -> bool:
    """A unit supervises the units of its own place and of those below (Work Safety Law, 9)."""
    place = regions.prefix(issuer.partition(".")[0])
    return unit.startswith(place)


def asks_for_five(row: SupervisionRule, *, cause: SupervisionCause, rectifies: bool) -> bool:
    """Whether its answers show that the five are in place (platform, after Order 16, article 15).

    Where a hazard is put right, or what an investigation found; a listing always.
    """
    return row.answer and (row.five or rectifies or cause is SupervisionCause.HAZARD)


def is_late(*, done_at: datetime, due_at: datetime) -> bool:
    """What comes at the end of the last day comes too late (Civil Code, 203)."""
    return done_at >= due_at
