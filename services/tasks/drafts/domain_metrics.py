"""What a proposed duty is counted by, and what sets it off: as like duties of earlier plans are."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.cityrows import Duty
from services.tasks.plans.domain import alike

_LEAST = 0.45


@dataclass(frozen=True, slots=True)
class Likeness:
    """The metric and the trigger of the most like known duty; None where none is like enough."""

    metric: str | None = None
    trigger: str | None = None


def likeness(words: str, kind: str, known: Iterable[Duty]) -> Likeness:
    """Look for the most like duty of the same kind."""
    rated = [(alike(words, row.zh), row.code, row) for row in known if row.kind.value == kind]
    best = max(rated, key=lambda row: row[0], default=None)
    if best is None or best[0] < _LEAST:
        return Likeness()
    return Likeness(metric=best[2].metric, trigger=best[2].trigger)
