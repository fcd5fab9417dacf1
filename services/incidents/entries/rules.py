"""By when an accident must be entered in the statistics, and by when the entry is complete."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel import calendar
from reference import national


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDue:
    """The two instants of an entry; at each of them it is still in time, and by which rule."""

    enter_by: datetime
    complete_by: datetime
    rule: str


def entry_due(*, received_at: datetime) -> EntryDue | None:
    """Entered within 24 hours of the receipt, completed in 7 days (Accident Statistics, whole).

    The day of receipt is not counted and the last day ends at 24:00. None before the system.
    """
    day = calendar.day_of(received_at)
    entered = national.ENTRIES.get("entered", on=day)
    completed = national.ENTRIES.get("completed", on=day)
    if entered is None or completed is None:
        return None
    assert entered.hours is not None
    assert completed.days is not None
    return EntryDue(
        enter_by=received_at + timedelta(hours=entered.hours),
        complete_by=calendar.window_closes_at(day, completed.days),
        rule=entered.rule,
    )


def late(*, due_at: datetime, at: datetime) -> bool:
    """Whether it was done after its deadline; at it, it is in time (Accident Statistics, whole)."""
    return at > due_at
