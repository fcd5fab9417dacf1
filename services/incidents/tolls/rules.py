"""What a report changed of the counts of people, and whether that needs a reason."""

from dataclasses import dataclass
from datetime import datetime

from services.incidents.accidents.rules import Figures
from services.incidents.rescues import rules as rescuing

_COUNTS = ("deaths", "missing", "serious_injuries", "minor_injuries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A change of counts against the clock and against what was said before."""

    known_at: datetime
    due_at: datetime | None
    """None after the window, when a change is recorded and not owed."""
    late: bool
    fell: bool
    contested: bool


def changed(before: Figures, after: Figures) -> bool:
    """Whether the counts of dead, missing and injured are others (Order 21, 11).

    The missing who are presumed dead, or no longer are, change the dead though nobody was found.
    """
    stated = any(getattr(before, name) != getattr(after, name) for name in _COUNTS)
    return stated or before.counted_deaths != after.counted_deaths


def fell(before: Figures, after: Figures) -> bool:
    """Whether fewer people are counted dead or gravely harmed than before (Decree 493, 13).

    People who were missing and are found, dead or alive, do not make a count fall.
    """
    return (
        after.counted_deaths < before.counted_deaths
        or after.serious_injuries < before.serious_injuries
    )


def judge(
    *,
    before: Figures,
    after: Figures,
    known_at: datetime,
    received_at: datetime,
    counted: bool,
    same_reporter: bool,
) -> Judged:
    """A change is due on the day it became known, inside the window only (Order 21, 11).

    Figures that fall below what somebody else stated are contested until a reason is given.
    """
    falls = fell(before, after)
    late = counted and rescuing.change_late(known_at=known_at, received_at=received_at)
    return Judged(
        known_at=known_at,
        due_at=rescuing.change_due(known_at=known_at) if counted else None,
        late=late,
        fell=falls,
        contested=falls and not same_reporter,
    )
