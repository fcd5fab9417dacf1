"""Which office decides on an appeal, and by when. Pure; the limit is a row of the pack."""

from collections.abc import Collection
from datetime import date, datetime

from kernel import calendar
from kernel.calendar import Calendar
from reference import regions, units
from services.tasks.obligations.rules import may_review


def decider(
    *, region_code: str, unit_kind: str | None, parties: Collection[str], on: date
) -> str | None:
    """The nearest committee office that stands high enough and has no part (Work Safety Law, 9).

    `unit_kind`: of whoever answers for the whole; whom an office serves is decided on from above.
    None: no office that the packs know may.
    """
    for place in regions.ancestors(region_code):
        office = f"{place.code}.committee_office"
        high = may_review(
            reviewer_region=regions.prefix(place.code),
            region_code=region_code,
            unit_kind=unit_kind,
        )
        if high and office not in parties and units.exists(office, on=on):
            return office
    return None


def decision_due(made_at: datetime, *, working_days: int, days_off: Calendar) -> datetime:
    """24:00 of the last of so many working days after the one it was made on (platform)."""
    return calendar.working_days_close_at(calendar.day_of(made_at), working_days, calendar=days_off)
