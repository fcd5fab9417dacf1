"""When a unit must have reported, and how late a report is."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reference import national


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """A report against its deadline."""

    due_at: datetime
    by_seconds: int
    """Begun seconds after the deadline; 0 when in time."""

    @property
    def late(self) -> bool:
        """Whether the report came after its deadline."""
        return self.by_seconds > 0


def unit_report_due(*, known_at: datetime, on: date) -> datetime:
    """A unit's head reports within one hour of being told (Decree 493, 9)."""
    hours = national.DEADLINES.one("unit_report", on=on).hours
    return known_at + timedelta(hours=float(hours or 0))


def lateness(*, known_at: datetime, received_at: datetime, on: date) -> Lateness:
    """How late a unit's report is; the full hour itself is in time (Rules on Fines, 5)."""
    due = unit_report_due(known_at=known_at, on=on)
    over = math.ceil((received_at - due).total_seconds())
    return Lateness(due_at=due, by_seconds=max(over, 0))
