"""What a map shows: the answer is bounded, and so is the work for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identifiers import bounds
from kernel.access import Principal
from reference.terms import Grade
from services.incidents.maps import domain
from services.incidents.maps.domain import Extent
from services.incidents.maps.tables import MapPoint, MapTile

MOST_SHOWN = 500
"""Accidents that are shown one by one; more are clustered."""

MOST_COUNTED = 10_000
"""Accidents that are counted one by one; more are counted by the month and cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which accidents a map is asked for."""

    extent: Extent
    since: datetime | None = None
    before: datetime | None = None
    grades: Sequence[Grade] = ()
    merged: bool = False
    """Those that went on as another accident, instead of those that stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One accident."""

    accident_id: UUID
    lon: float
    lat: float
    grade: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """How many accidents of each grade a cell has."""

    extent: Extent
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A map: points or clusters, and how many accidents have no place on it."""

    asked: Asked
    """What is shown. Counted by the month, the period reaches out to whole months."""
    points: Sequence[Point] = ()
    clusters: Sequence[Cluster] = ()
    unlocated: int


async def shown(session: AsyncSession, *, by: Principal, asked: Asked) -> Shown:
    """Points while they are few, then clusters; of very many by counts made in advance.

    Counts in advance belong to nobody, so an enterprise's own accidents are always counted; so
    are merged ones, which have none.
    """
    unlocated = await _unlocated(session, by, asked)
    if by.uscc is None and not asked.merged:
        clusters = await _counted_before(session, by, asked)
        if sum(sum(cluster.grades.values()) for cluster in clusters) > MOST_COUNTED:
            whole = _whole_months(asked)
            return Shown(asked=whole, clusters=clusters, unlocated=unlocated)
    points = await _points(session, by, asked)
    if len(points) <= MOST_SHOWN:
        return Shown(asked=asked, points=points, unlocated=unlocated)
    return Shown(asked=asked, clusters=await _clustered(session, by, asked), unlocated=unlocated)


async def _unlocated(session: AsyncSession, by: Principal, asked: Asked) -> int:
    nowhere = select(func.count()).select_from(MapPoint).where(MapPoint.cell_row.is_(None))
    return await session.scalar(nowhere.where(*_whose(by), *_which(asked))) or 0


async def _points(session: AsyncSession, by: Principal, asked: Asked) -> Sequence[Point]:
    """Newest first; one more than are shown, so that it tells whether there are more."""
    columns = (
        MapPoint.accident_id,
        MapPoint.lon,
        MapPoint.lat,
        MapPoint.grade,
        MapPoint.occurred_at,
    )
    chosen = select(*columns).where(*_inside(by, asked)).limit(MOST_SHOWN + 1)
    rows = (await session.execute(chosen)).all()
    points = (Point(**row._mapping) for row in rows)
    return sorted(points, key=lambda point: (point.occurred_at, point.accident_id), reverse=True)


async def _clustered(session: AsyncSession, by: Principal, asked: Asked) -> Sequence[Cluster]:
    """Accidents counted one by one, in a grid that fits the extent."""
    a_degree = domain.steps(asked.extent)
    row = func.floor(MapPoint.lat * a_degree).label("y")
    column = func.floor(MapPoint.lon * a_degree).label("x")
    counted = select(row, column, MapPoint.grade, func.count().label("accidents"))
    counted = counted.where(*_inside(by, asked)).group_by("y", "x", MapPoint.grade)
    rows = (await session.execute(counted)).all()
    return _by_cell(((int(y), int(x), grade, n) for y, x, grade, n in rows), side=1 / a_degree)


async def _counted_before(session: AsyncSession, by: Principal, asked: Asked) -> Sequence[Cluster]:
    """All cells that the extent touches, in the grid that fits it, by whole months."""
    level = domain.level_for(asked.extent)
    size = domain.merged(asked.extent, level)
    first_row, last_row, first_column, last_column = asked.extent.cells(level)
    place = (MapTile.cell_row, MapTile.cell_column, MapTile.grade)
    counted = (
        select(*place, func.sum(MapTile.accidents).label("accidents"))
        .where(
            MapTile.level == level,
            MapTile.cell_row.between(first_row, last_row),
            MapTile.cell_column.between(first_column, last_column),
            MapTile.region_code.between(*bounds(by.region or "")),
            *_months(asked),
        )
        .group_by(*place)
    )
    rows = (await session.execute(counted)).all()
    return _by_cell(
        ((row.cell_row // size, row.cell_column // size, *row[2:]) for row in rows),
        side=size / level,
    )


def _by_cell(rows: Iterable[tuple[int, int, str, int]], *, side: float) -> Sequence[Cluster]:
    """Rows of row, column, grade and count as clusters; what came down to nothing is left out."""
    counts: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, column, grade, accidents in rows:
        counts[row, column][grade] += int(accidents)
    return [
        Cluster(extent=_cell(place, side), grades={g: n for g, n in grades.items() if n})
        for place, grades in sorted(counts.items())
        if any(grades.values())
    ]


def _cell(place: tuple[int, int], side: float) -> Extent:
    south, west = place[0] * side, place[1] * side
    return Extent(west=west, south=south, east=west + side, north=south + side)


def _inside(by: Principal, asked: Asked) -> Sequence[ColumnElement[bool]]:
    """The cells let an index choose, the coordinates settle the edges."""
    first_row, last_row, first_column, last_column = asked.extent.cells(domain.FINEST)
    return (
        MapPoint.cell_row.between(first_row, last_row),
        MapPoint.cell_column.between(first_column, last_column),
        MapPoint.lon.between(asked.extent.west, asked.extent.east),
        MapPoint.lat.between(asked.extent.south, asked.extent.north),
        *_whose(by),
        *_which(asked),
    )


def _whose(by: Principal) -> Iterable[ColumnElement[bool]]:
    """What row-level security holds to anyway, in a form that an index can choose by."""
    if by.uscc is not None:
        yield MapPoint.enterprise_uscc == by.uscc
    else:
        yield MapPoint.region_code.between(*bounds(by.region or ""))


def _which(asked: Asked) -> Iterable[ColumnElement[bool]]:
    yield MapPoint.merged == asked.merged
    if asked.since is not None:
        yield MapPoint.occurred_at >= asked.since
    if asked.before is not None:
        yield MapPoint.occurred_at < asked.before
    if asked.grades:
        yield MapPoint.grade.in_([str(grade) for grade in asked.grades])


def _months(asked: Asked) -> Iterable[ColumnElement[bool]]:
    if asked.since is not None:
        yield MapTile.month >= domain.month(asked.since)
    if asked.before is not None:
        yield MapTile.month < domain.month_after(asked.before)
    if asked.grades:
        yield MapTile.grade.in_([str(grade) for grade in asked.grades])


def _whole_months(asked: Asked) -> Asked:
    """The period as counts by the month can show it."""
    return Asked(
        extent=asked.extent,
        grades=asked.grades,
        since=domain.starts(domain.month(asked.since)) if asked.since else None,
        before=domain.starts(domain.month_after(asked.before)) if asked.before else None,
    )
