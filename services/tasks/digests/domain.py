"""What a digest counts, and what of it is named. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.tasks.dues.domain import Owing


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What somebody owes on a morning: each thing stands in one of the three."""

    overdue: int = 0
    due_today: int = 0
    due_soon: int = 0


def counts(
    owed: Iterable[Owing], *, now: datetime, day_ends: datetime, soon_until: datetime
) -> Counts:
    """A deadline at 24:00 belongs to the day that it ends; one that has come is passed."""
    overdue = today = soon = 0
    for one in owed:
        overdue += one.due_at <= now
        today += now < one.due_at <= day_ends
        soon += day_ends < one.due_at <= soon_until
    return Counts(overdue=overdue, due_today=today, due_soon=soon)


def named(owed: Sequence[Owing], *, most: int) -> Sequence[Owing]:
    """The most urgent, in order. Every sort has its turn: many of one do not hide another.

    `owed` is in order already.
    """
    before: Counter[str] = Counter()
    turns = []
    for place, one in enumerate(owed):
        turns.append((before[one.kind], place))
        before[one.kind] += 1
    return [owed[place] for place in sorted(place for _, place in sorted(turns)[:most])]
