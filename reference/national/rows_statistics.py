"""The shapes of the national rows about what stands in the statistics, and until when."""

from collections.abc import Hashable
from decimal import Decimal
from typing import Literal

from reference.entries import Coded, Entry
from reference.terms import Grade, Level


class StrikeOff(Entry):
    """The lowest level that may strike an accident of a grade off the statistics (核销)."""

    grade: Grade
    level: Level

    @property
    def key(self) -> Hashable:
        """The grade."""
        return self.grade


class EntryDeadline(Coded):
    """How long an office has to enter an accident in the statistics, or to complete the entry."""

    hours: int | None = None
    days: int | None = None


class LeftOut(Entry):
    """Below which direct loss, in ten thousand yuan, an accident that harmed nobody is left out."""

    scale: Literal["work_safety", "forest_fire"]
    loss_below_wan: Decimal

    @property
    def key(self) -> Hashable:
        """The scale that grades such accidents."""
        return self.scale
