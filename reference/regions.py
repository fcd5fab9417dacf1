"""Places by their code: the divisions of the nation and the parks of the city, as one tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reference import city, national
from reference.city import City
from reference.terms import Level

NATION = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A division or a park, today."""

    code: str
    zh: str
    en: str
    level: Level
    parent: str | None
    """The division above; for a park the county it lies in. None for the nation."""
    park: bool = False
    short: str = ""
    """A province or park inside longer names."""


class UnknownRegion(LookupError):
    """No division and no park has that code."""


def known() -> Mapping[str, Region]:
    """Every division and park that has not been abolished, by code."""
    return _known(city.current())


@cache
def _known(pack: City) -> Mapping[str, Region]:
    divisions = {
        row.code: Region(
            code=row.code,
            zh=row.zh,
            en=row.en,
            level=row.level,
            parent=_above(row.code),
            short=row.short or row.zh,
        )
        for row in national.DIVISIONS
        if row.effective_to is None
    }
    parks = {
        row.code: Region(
            code=row.code,
            zh=row.zh,
            en=row.en,
            level=Level.COUNTY,
            parent=row.parent,
            park=True,
            short=row.short,
        )
        for row in pack.parks
        if row.effective_to is None
    }
    return divisions | parks


def _above(code: str) -> str | None:
    if code == NATION:
        return None
    return prefix(code)[:-2].ljust(6, "0")


def prefix(code: str) -> str:
    """A code without its trailing pairs of zeros: "4304" of "430400", "" of the nation."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def region(code: str) -> Region:
    """The place with that code."""
    try:
        return known()[code]
    except KeyError:
        raise UnknownRegion(code) from None


def ancestors(code: str) -> tuple[Region, ...]:
    """The place and all above it, nearest first, up to the nation."""
    here = region(code)
    return (here,) if here.parent is None else (here, *ancestors(here.parent))


def at_level(code: str, level: Level) -> Region:
    """The place itself or the one above it at that level; of a park, the county it lies in."""
    for place in ancestors(code):
        if place.level is level and not place.park:
            return place
    raise UnknownRegion(f"{code} has nothing above it at the {level} level")


def children(code: str) -> tuple[Region, ...]:
    """The places directly below, without parks."""
    return tuple(place for place in known().values() if place.parent == code and not place.park)
