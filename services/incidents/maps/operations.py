"""Placing accidents on the map, and keeping the counts of their cells."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.maps import domain
from services.incidents.maps.domain import FINEST, Located, Tile
from services.incidents.maps.tables import MapPoint, MapTile


async def place(session: AsyncSession, *, accident_id: UUID) -> None:
    """Bring an accident's point and its counts up to what is known; repeated, nothing changes."""
    accident = await accidents.get(session, accident_id)
    known = await session.get(MapPoint, accident_id, with_for_update=True)
    facts = _facts(accident)
    if known is not None and all(getattr(known, name) == fact for name, fact in facts.items()):
        return
    before = _located(known) if known is not None and not known.merged else None
    now = None if facts["merged"] else _located(accident)
    await _count(session, domain.changes(before, now))
    row = insert(MapPoint).values(accident_id=accident.id, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["accident_id"], set_=facts))


def _located(row: Accident | MapPoint) -> Located:
    return Located(
        region_code=row.region_code,
        occurred_at=row.occurred_at,
        grade=row.grade,
        lon=row.lon,
        lat=row.lat,
    )


def _facts(accident: Accident) -> dict[str, object]:
    known = accident.lon is not None and accident.lat is not None
    return {
        "region_code": accident.region_code,
        "enterprise_uscc": accident.enterprise_uscc,
        "occurred_at": accident.occurred_at,
        "grade": accident.grade,
        "lon": accident.lon,
        "lat": accident.lat,
        "cell_row": domain.cell(accident.lat or 0, FINEST) if known else None,
        "cell_column": domain.cell(accident.lon or 0, FINEST) if known else None,
        "merged": accident.merged_into is not None,
    }


_TILES = cast(Table, MapTile.__table__)
_NEW = insert(_TILES)
# Rows are given beside the statement: with them inside it would be compiled anew each time.
_MOVE = _NEW.on_conflict_do_update(
    index_elements=[column.name for column in _TILES.primary_key],
    set_={"accidents": _TILES.c.accidents + _NEW.excluded.accidents},
)


async def _count(session: AsyncSession, moved: Mapping[Tile, int]) -> None:
    """Move the counts, always in one order of tiles, so that nobody waits in a circle."""
    columns = [column.name for column in _TILES.primary_key]
    rows = [{**dict(zip(columns, tile, strict=True)), "accidents": n} for tile, n in moved.items()]
    if rows:
        await session.execute(_MOVE, rows)
