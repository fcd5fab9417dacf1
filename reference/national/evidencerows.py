"""The shapes of what says how evidence is counted and when it looks wrong."""

from collections.abc import Hashable
from decimal import Decimal
from typing import Literal

from pydantic import Field

from kernel.calendar import Cadence
from reference.entries import Coded, Entry
from reference.terms import EvidenceKind, EvidenceLimitCode


class Activity(Coded):
    """What somebody can have done: a sort of meeting, a drill, a document drawn up."""


class EvidenceLimit(Entry):
    """A number from which evidence is refused or looked at twice; the code says in what unit."""

    code: EvidenceLimitCode
    value: Decimal

    @property
    def key(self) -> Hashable:
        """Its code."""
        return self.code


class DecisionLimit(Coded):
    """Within how many working days somebody decides on what waits for them."""

    working_days: int = Field(gt=0)


class CreditRule(Entry):
    """Which accepted evidence counts for the duties of a metric.

    Sorts of meetings are never taken for one another: only what `activities` names counts.
    """

    metric: str | None = None
    """None for every duty whose metric has no row of its own."""
    activities: tuple[str, ...] = ()
    """Empty where whatever was done counts."""
    spacing: Cadence | None = None
    """At most one counts in each of these natural periods."""
    joint: Literal["each", "host", "none"] = "each"
    """For whom one held together with others counts: for each of them, its host, or nobody."""
    least_attending: int | None = None
    needs: tuple[EvidenceKind, ...] = ()
    """Without one of each it does not count."""

    @property
    def key(self) -> Hashable:
        """The metric."""
        return self.metric
