"""What a digest counts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing that a unit has to do."""

    kind: str
    id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a unit owes on a morning: each thing stands in one of the three."""

    overdue: int = 0
    due_today: int = 0
    due_soon: int = 0


def counts(
    owed: Iterable[Owed], *, now: datetime, day_ends: datetime, soon_until: datetime
) -> Counts:
    """A deadline at 24:00 belongs to the day that it ends; one that has come is passed."""
    overdue = today = soon = 0
    for one in owed:
        overdue += one.due_at <= now
        today += now < one.due_at <= day_ends
        soon += day_ends < one.due_at <= soon_until
    return Counts(overdue=overdue, due_today=today, due_soon=soon)
