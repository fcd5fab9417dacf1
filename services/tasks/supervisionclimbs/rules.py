"""When the steps that follow delay are reached, and who is told of them. Pure."""

from collections.abc import Sequence
from datetime import datetime

from kernel.calendar import Calendar
from reference.national.rows_supervisions import SupervisionClimb
from services.tasks.supervisions import rules


def reached_at(row: SupervisionClimb, *, due_at: datetime, days_off: Calendar) -> datetime:
    """A step follows so many working days after the last day of the deadline (platform)."""
    return rules.extended(due_at, working_days=row.after, days_off=days_off)


def superior(line: Sequence[str], *, rung: int, otherwise: str) -> str:
    """Each further step is told one higher up the line, and then its top again (platform).

    Where nobody stands above, the unit that issued it is told: no step goes unheard.
    """
    return line[min(rung, len(line) - 1)] if line else otherwise
