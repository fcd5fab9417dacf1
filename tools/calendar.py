"""Writes reference/national/calendar.yaml from the chinese-calendar package.

    python -m tools.calendar 2020 2026

The package follows the State Council's yearly notices and refuses years it does not know, so
a year is added here once its notice is out and the package carries it. Read the difference
before committing it: past years never change.
"""

import argparse
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import chinese_calendar

_TARGET = Path(__file__).parent.parent / "reference" / "national" / "calendar.yaml"

_HEAD = """\
# Written by tools/calendar.py; each year follows its notice of the State Council's General
# Office. `holidays` are days off, `working` the Saturdays and Sundays that are worked.
about: Working days, year by year
years:
"""

_NAMES = {
    "New Year's Day": ("元旦", "New Year"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-sweeping Day"),
    "Labour Day": ("劳动节", "Labour Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "National Day": ("国庆节", "National Day"),
    "Mid-autumn Festival": ("中秋节", "Mid-autumn Festival"),
}


def written(years: range) -> str:
    """The whole file for those years."""
    return _HEAD + "".join(_year(year) for year in years)


def _year(year: int) -> str:
    days = list(_days(year))
    working = [day for day in days if day.weekday() > 4 and chinese_calendar.is_workday(day)]
    lines = [
        f"- year: {year}",
        f"  source: holidays-{year} whole",
        f"  effective_from: {year}-01-01",
        f"  effective_to: {year}-12-31",
        "  holidays:",
        *(f"  - {{zh: {zh}, en: {en}, first: {a}, last: {b}}}" for zh, en, a, b in _off(days)),
        f"  working: [{', '.join(day.isoformat() for day in working)}]",
    ]
    return "\n".join(lines) + "\n"


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _off(days: list[date]) -> Iterator[tuple[str, str, date, date]]:
    named = [(day, _holiday(day)) for day in days]
    for name, run in groupby(named, key=lambda pair: pair[1]):
        if name is not None:
            off = [day for day, _ in run]
            yield (*_NAMES[name], off[0], off[-1])


def _holiday(day: date) -> str | None:
    off, name = chinese_calendar.get_holiday_detail(day)
    return name if off else None


def main() -> None:
    """Write the file for the years of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    asked = parser.parse_args()
    _TARGET.write_text(written(range(asked.first, asked.last + 1)), encoding="utf-8")


if __name__ == "__main__":
    main()
