"""Which dead count once the window has closed."""

from datetime import datetime

from services.incidents.accidents.rules import Figures


def late_deaths(*, stated: Figures, counted: Figures) -> int:
    """The dead above those counted in the window: recorded, never graded (Decree 493, 13)."""
    return max(stated.counted_deaths - counted.counted_deaths, 0)


def outdated(*, received_at: datetime, newest_at: datetime | None) -> bool:
    """Whether later figures stand already: the last word received counts (Order 21, 11)."""
    return newest_at is not None and received_at < newest_at


def changed_at(
    *, first_known_at: datetime, known_at: datetime | None, received_at: datetime
) -> datetime:
    """A count changes by the time that is known, not when it is told (Decree 493, 13).

    Whoever repeats when the accident itself was known says nothing of a change.
    """
    if known_at is None or known_at <= first_known_at:
        return received_at
    return min(known_at, received_at)
