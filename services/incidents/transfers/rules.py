"""The clocks of a transfer, and how many officers it takes."""

from datetime import date, datetime

from kernel.calendar import Calendar
from reference import national
from services.incidents.periods import rules
from services.incidents.periods.rules import Due


def step_due(clock: str | None, *, since: datetime, days_off: Calendar) -> Due | None:
    """Three days to decide, 24 hours to deliver, three days for each answer (Decree 310, 5).

    `clock` is the clock of a state that began at `since`. None where nobody has to act.
    """
    return rules.due_after(clock, since=since, days_off=days_off) if clock else None


def least_officers(addressee: str, *, on: date) -> int:
    """Two officers at least look into a suspected crime (Decree 310, 5).

    Other transfers are proposed by whoever found what they are about.
    """
    row = national.THRESHOLDS.get(f"transfer_officers_{addressee}", on=on)
    return row.value if row is not None else 1
