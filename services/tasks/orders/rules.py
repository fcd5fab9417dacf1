"""When the steps of a hotline order are due. Pure; the limits are rows of the packs."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel import calendar
from kernel.calendar import BeyondCalendar, Calendar
from reference import orders, regions, units
from reference.entries import Limit
from reference.national.rows import OrderLimit
from reference.terms import OrderClass, OrderStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The instant at which it is too late, when to warn before it, and by which rule."""

    at: datetime
    warn_at: datetime | None
    rule: str


def due(step: OrderStep, order_class: OrderClass, *, since: datetime, days_off: Calendar) -> Due:
    """A step is due by the limit of its class that is in force on the day it begins (platform)."""
    row = orders.limit(step, order_class, on=calendar.day_of(since))
    ends = ends_at(row, length=row.length, since=since, days_off=days_off)
    warn = warns_at(ends, working_days=row.warn_before, since=since, days_off=days_off)
    return Due(at=ends, warn_at=warn, rule=row.rule)


def ends_at(row: Limit, *, length: int, since: datetime, days_off: Calendar) -> datetime:
    """Days count from the next one and end at 24:00; a last day off moves on (Civil Code, 203).

    Hours run from the moment, through nights and holidays. A period of working days that
    leaves the loaded calendar is refused; one of calendar days then ends on its last day.
    """
    if row.counting == "hours":
        return since + timedelta(hours=length)
    start = calendar.day_of(since)
    if row.counting == "working_days":
        return calendar.closes_at(calendar.add_working_days(start, length, calendar=days_off))
    last = calendar.add_days(start, length)
    with suppress(BeyondCalendar):
        last = calendar.rolled_forward(last, calendar=days_off)
    return calendar.closes_at(last)


def warns_at(
    ends: datetime, *, working_days: int, since: datetime, days_off: Calendar
) -> datetime | None:
    """A warning goes out at 0:00 of the day so many working days before the last one (platform).

    None where there is none, or where it would not be later than the beginning.
    """
    if not working_days:
        return None
    day = calendar.day_of(ends - timedelta(seconds=1))
    for _ in range(working_days):
        day = _working_day_before(day, days_off=days_off)
    warn = calendar.opens_at(day)
    return warn if warn > since else None


def _working_day_before(day: date, *, days_off: Calendar) -> date:
    day -= timedelta(days=1)
    while day.year in days_off.years and not calendar.is_working_day(day, calendar=days_off):
        day -= timedelta(days=1)
    return day


def due_even_so(
    step: OrderStep, order_class: OrderClass, *, since: datetime, days_off: Calendar
) -> Due:
    """What is never refused has its next step due even where no calendar is loaded (platform).

    Then the next day counts as worked: it is asked for too early rather than too late.
    """
    try:
        return due(step, order_class, since=since, days_off=days_off)
    except BeyondCalendar:
        row = orders.limit(step, order_class, on=calendar.day_of(since))
        ends = calendar.window_closes_at(calendar.day_of(since), row.length)
        return Due(at=ends, warn_at=None, rule=row.rule)


def decider(region_code: str, *, desk: str | None, parties: Collection[str], on: date) -> str:
    """The desk decides, else the nearest committee office: nobody in their own case (platform).

    `desk` is None for what has to be arbitrated.
    """
    if desk is not None and desk not in parties:
        return desk
    offices = (f"{place.code}.committee_office" for place in regions.ancestors(region_code))
    standing = [office for office in offices if units.exists(office, on=on)]
    return next((office for office in standing if office not in parties), standing[-1])


def extended(row: OrderLimit, *, due_at: datetime, length: int, days_off: Calendar) -> datetime:
    """An extension runs on from the last day of the limit it extends (platform)."""
    last = due_at - timedelta(seconds=1)
    return ends_at(row, length=length, since=last, days_off=days_off)


def is_late(*, done_at: datetime, due_at: datetime) -> bool:
    """What comes at the end of the last day comes too late (Civil Code, 203)."""
    return done_at >= due_at
