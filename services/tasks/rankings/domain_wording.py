"""The words of rankings in zh-CN and en: periods, numbers, changes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.calendar import Cadence
from kernel.documents.content import Cell
from services.tasks.indicators.domain import Period

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_QUARTERS = "一二三四"
_MIDDLE = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Picks the words of one language."""

    chinese: bool

    def __call__(self, zh: str, en: str) -> str:
        """One of two phrasings."""
        return zh if self.chinese else en

    def day(self, day: date) -> str:
        """A day."""
        return self(
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        )

    def period(self, period: Period) -> str:
        """The days of a rhythm as people call them."""
        first, last = period.first, period.last
        month = f"{_MONTHS[first.month - 1]} {first.year}"
        if period.cadence is Cadence.WEEK:
            return self(
                f"{self.day(first)}至{self.day(last)}", f"{self.day(first)} to {self.day(last)}"
            )
        if period.cadence is Cadence.HALF_MONTH:
            half = self("上半月", "first half of ")
            if first.day > _MIDDLE:
                half = self("下半月", "second half of ")
            return self(f"{first.year}年{first.month}月{half}", f"{half}{month}")
        if period.cadence is Cadence.MONTH:
            return self(f"{first.year}年{first.month}月", month)
        if period.cadence is Cadence.QUARTER:
            number = (first.month - 1) // 3
            return self(
                f"{first.year}年第{_QUARTERS[number]}季度", f"quarter {number + 1} of {first.year}"
            )
        return self(f"{period.year}年度", f"the year {period.year}")

    def risen(self, before: int | None, now: int | None) -> Cell:
        """By how many ranks a unit rose or fell."""
        if before is None or now is None:
            return None
        moved = before - now
        return "0" if not moved else f"{'↑' if moved > 0 else '↓'}{abs(moved)}"


def signed(before: Decimal | None, now: Decimal | None) -> Cell:
    """By how many points a score changed."""
    if before is None or now is None:
        return None
    return f"{now - before:+}" if now != before else f"{now - before}"
