"""The clocks of a transfer."""

from datetime import datetime

from kernel.calendar import Calendar
from services.incidents.periods import rules
from services.incidents.periods.rules import Due


def step_due(clock: str | None, *, since: datetime, days_off: Calendar) -> Due | None:
    """Three days to decide, 24 hours to deliver, three days for each answer (Decree 310, 5).

    `clock` is the clock of a state that began at `since`. None where nobody has to act.
    """
    return rules.due_after(clock, since=since, days_off=days_off) if clock else None
