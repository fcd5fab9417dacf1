"""Points of the map: how far apart they are, and which county of the city lies around one."""

import math
from dataclasses import dataclass
from datetime import date

from reference import city
from reference.cityrows import Place

_EARTH_M = 6_371_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A county, and how far its seat is from a point."""

    region: str
    metres: float


def metres(one: Place, other: Place) -> float:
    """The distance of two points over the ground, in metres."""
    north, south = math.radians(one.lat), math.radians(other.lat)
    across = math.radians(other.lon - one.lon) / 2
    along = (south - north) / 2
    bow = math.sin(along) ** 2 + math.cos(north) * math.cos(south) * math.sin(across) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(min(bow, 1.0)))


def inside(point: Place) -> bool:
    """Whether a point lies in the box around the city; its edge counts as inside."""
    low, high = city.current().cities[0].south_west, city.current().cities[0].north_east
    return low.lon <= point.lon <= high.lon and low.lat <= point.lat <= high.lat


def counties(point: Place, *, on: date) -> tuple[Near, ...]:
    """The counties of the city by the distance of their seats, nearest first."""
    found = (
        Near(region=row.region, metres=metres(point, row.seat))
        for row in city.current().centres.at(on)
    )
    return tuple(sorted(found, key=lambda near: (near.metres, near.region)))
