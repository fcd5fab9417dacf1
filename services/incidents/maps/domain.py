"""The grids that accidents are counted in, and the extent a map is asked for. Degrees."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kernel import calendar
from kernel.calendar import SHANGHAI
from kernel.problems import FieldFault, InvalidPayload

LEVELS = (2, 8, 32)
"""Cells a degree of the grids that are counted in advance: about 55, 14 and 3.5 km."""

FINEST = LEVELS[-1]

CELLS_ACROSS = 16
"""About so many cells one map shows from side to side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """What a map shows, from west and south up to east and north, its edges included."""

    west: float
    south: float
    east: float
    north: float

    @property
    def span(self) -> float:
        """The longer side, in degrees."""
        return max(self.east - self.west, self.north - self.south)

    def cells(self, level: int) -> tuple[int, int, int, int]:
        """First and last row, first and last column of a grid that it touches."""
        rows = cell(self.south, level), cell(self.north, level)
        columns = cell(self.west, level), cell(self.east, level)
        return *rows, *columns


def cell(degrees: float, level: int) -> int:
    """The row or column of a grid in which a coordinate lies; its lower edge counts as inside."""
    return math.floor(degrees * level)


def extent(bbox: str) -> Extent:
    """`west,south,east,north` as in RFC 7946. One across the antimeridian is refused."""
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        raise _refused() from None
    whole = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if not whole:  # also where one of them is not a number
        raise _refused()
    return Extent(west=west, south=south, east=east, north=north)


def _refused() -> InvalidPayload:
    return InvalidPayload(
        FieldFault(
            pointer="query:bbox",
            code="bbox_not_valid",
            zh="应为“西,南,东,北”四个经纬度，例如 112.5,26.3,113.2,27.1",
            en="expected west,south,east,north in degrees, such as 112.5,26.3,113.2,27.1",
        )
    )


def level_for(extent: Extent) -> int:
    """The coarsest grid counted in advance that still parts an extent well, or the finest."""
    return next((n for n in LEVELS if extent.span * n >= CELLS_ACROSS / 2), FINEST)


def merged(extent: Extent, level: int) -> int:
    """How many cells of a grid are shown as one, along each side."""
    return max(1, math.ceil(extent.span * level / CELLS_ACROSS))


def steps(extent: Extent) -> float:
    """Cells a degree of the grid that parts an extent evenly: a power of two."""
    return 2.0 ** math.floor(math.log2(CELLS_ACROSS / max(extent.span, 1e-6)))


def month(instant: datetime) -> date:
    """The first day of the month here in which an instant lies."""
    return calendar.day_of(instant).replace(day=1)


def month_after(instant: datetime) -> date:
    """The first day of the month that begins at an instant or next after it."""
    first = month(instant)
    return first if starts(first) == instant else (first + timedelta(days=31)).replace(day=1)


def starts(day: date) -> datetime:
    """The instant at which a day begins here."""
    return datetime.combine(day, time(), SHANGHAI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where, when and how grave: all that a count depends on."""

    region_code: str
    occurred_at: datetime
    grade: str
    lon: float | None
    lat: float | None


Tile = tuple[int, int, int, date, str, str]
"""Level, row, column, month, grade, division."""


def tiles(point: Located) -> Iterator[Tile]:
    """Every count that an accident is part of: none when nobody knows where it was."""
    if point.lon is None or point.lat is None:
        return
    for level in LEVELS:
        row, column = cell(point.lat, level), cell(point.lon, level)
        yield level, row, column, month(point.occurred_at), point.grade, point.region_code


def changes(before: Located | None, now: Located | None) -> dict[Tile, int]:
    """By how much each count moves when an accident is placed, moved, graded anew or merged.

    What is counted as another accident, or not yet, is nowhere.
    """
    moved: dict[Tile, int] = {}
    for point, by in ((before, -1), (now, 1)):
        for tile in tiles(point) if point else ():
            moved[tile] = moved.get(tile, 0) + by
    return {tile: by for tile, by in sorted(moved.items()) if by}
