"""What a proposed duty is counted by, what sets it off and how long it may take from then on.

As like duties of earlier plans are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.cityrows import Duty, Goal
from services.tasks.plans.domain import held, pairs, share

_LEAST = 0.55
_FEWEST = 4
"""Pairs that two wordings must share, or all of the shorter: two or three are in many."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the most like known duty has; None where none is like enough."""

    metric: str | None = None
    trigger: str | None = None
    within_days: int | None = None


class Catalogue:
    """The duties or goals of earlier plans, by kind, ready to be compared with."""

    def __init__(self, known: Iterable[Duty | Goal]) -> None:
        self._known: dict[str, list[tuple[frozenset[str], Duty | Goal]]] = {}
        for row in known:
            self._known.setdefault(row.kind.value, []).append((pairs(row.zh), row))

    def likeness(self, words: str, kind: str) -> Likeness:
        """Look for the most like one of the same kind."""
        mine = pairs(words)
        rated = [
            (held(mine, theirs), share(mine, theirs), row)
            for theirs, row in self._known.get(kind, ())
            if len(mine & theirs) >= min(_FEWEST, len(mine), len(theirs))
        ]
        best = max(rated, key=lambda one: one[:2], default=None)
        if best is None or best[0] < _LEAST:
            return Likeness()
        like = best[2]
        if isinstance(like, Goal):
            return Likeness(metric=like.metric)
        return Likeness(metric=like.metric, trigger=like.trigger, within_days=like.within_days)
