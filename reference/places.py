"""Fills a pattern such as `{county}.emergency.duty_desk` for the place of an accident."""

from reference import regions
from reference.terms import Level


def filled(pattern: str, region: str, **named: str) -> str:
    """The code that a pattern means there; it may hold what `names` gives, and `named`."""
    return pattern.format_map(names(region) | named)


def names(region: str) -> dict[str, str]:
    """What a pattern may hold: place, county, city, province, nation.

    `place` is the code itself; `county` of a park is the county it lies in. A level below the
    place falls together with it: `county` of a city is the city.
    """
    above = {place.level: place.code for place in regions.ancestors(region) if not place.park}
    found = {"place": region, "nation": above[Level.NATIONAL]}
    lowest = region
    for level in (Level.COUNTY, Level.CITY, Level.PROVINCE):
        lowest = above.get(level, lowest)
        found[str(level)] = lowest
    return found
