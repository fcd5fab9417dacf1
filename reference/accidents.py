"""Kinds of accidents as people write them, and the change window each falls under."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from reference import national
from reference.national.rows import AccidentType, ChangeWindow


def resolve(text: str) -> AccidentType | None:
    """The kind that a code, a GB/T 6441 number, a name or an alias means, if any."""
    return _known().get(text.strip().casefold())


def window(accident_type: str, *, on: date) -> ChangeWindow:
    """For how long a changed casualty count moves the grade of such an accident."""
    row = national.ACCIDENT_TYPES.one(accident_type, on=on)
    return national.WINDOWS.one(row.window, on=on)


@cache
def _known() -> Mapping[str, AccidentType]:
    known: dict[str, AccidentType] = {}
    for row in national.ACCIDENT_TYPES:
        names = (row.code, row.zh, row.en, *((row.gb_code,) if row.gb_code else ()), *row.aliases)
        for name in names:
            known.setdefault(name.casefold(), row)
    return known
