"""The words of a bulletin in zh-CN and en, and figures as people read them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.documents.content import Cell
from services.incidents.statistics.domain_analysis import Change, Compared

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Picks the words of one language."""

    chinese: bool

    def __call__(self, zh: str, en: str) -> str:
        """One of two phrasings."""
        return zh if self.chinese else en

    def month(self, day: date) -> str:
        """A month with its year."""
        return self(f"{day.year}年{day.month}月", f"{_MONTHS[day.month - 1]} {day.year}")

    def short(self, day: date) -> str:
        """A month on an axis."""
        return self(f"{day.month}月", _MONTHS[day.month - 1][:3])

    def until(self, day: date) -> str:
        """The months of a year so far."""
        if day.month == 1:
            return self.month(day)
        return self(
            f"{day.year}年1—{day.month}月", f"January to {_MONTHS[day.month - 1]} {day.year}"
        )

    def day(self, day: date) -> str:
        """A day."""
        return self(
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.day} {_MONTHS[day.month - 1]} {day.year}",
        )

    def changed(self, change: Change, unit_zh: str) -> str:
        """A change in running text, with its percentage where there is one."""
        size = abs(change.difference)
        if not change.difference:
            return self("同比持平", "no change on the year before")
        share = "" if change.percent is None else f"{abs(change.percent)}%"
        if change.difference < 0:
            zh = f"同比减少{size}{unit_zh}" + (f"、下降{share}" if share else "")
            return self(
                zh, f"{size} fewer than the year before" + (f" (-{share})" if share else "")
            )
        zh = f"同比增加{size}{unit_zh}" + (f"、上升{share}" if share else "（上年同期为0）")
        en = f"{size} more than the year before" + (f" (+{share})" if share else " (none then)")
        return self(zh, en)

    def toll(self, figures: Compared) -> str:
        """Accidents and deaths of a period against the year before."""
        now = figures.now
        return self(
            f"发生事故{now.accidents}起、死亡{now.deaths}人，"
            f"起数{self.changed(figures.accidents, '起')}，"
            f"死亡人数{self.changed(figures.deaths, '人')}",
            f"{now.accidents} accidents with {now.deaths} deaths; "
            f"accidents: {self.changed(figures.accidents, '')}; "
            f"deaths: {self.changed(figures.deaths, '')}",
        )


def percent(value: Decimal | None) -> Cell:
    """A percentage in a cell, with its sign."""
    if value is None:
        return None
    return f"{value:+}%" if value else "0.0%"


def signed(value: int) -> Cell:
    """A difference in a cell."""
    return f"{value:+d}" if value else "0"
