"""Gathering which other accidents an accident was taken for, and where else it reaches.

Row-level security hides pairs and shares from enterprises, and accidents that are not theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.duplicates import queries as duplicates
from services.incidents.duplicates.tables import Likeness
from services.incidents.sharing import queries as sharing
from services.incidents.sharing.tables import Share


@dataclass(frozen=True, kw_only=True)
class Doubles:
    """The other accidents of a story, as far as the actor may see them."""

    pairs: Sequence[Likeness]
    merged_from: Sequence[Accident]
    shares: Sequence[Share]
    places: Mapping[UUID, str]
    """Where each other accident that the actor may read happened."""


async def of(session: AsyncSession, accident: Accident) -> Doubles:
    """What stands beside one accident."""
    pairs = await duplicates.of_accident(session, accident.id)
    others = {other for pair in pairs for other in (pair.accident_id, pair.other_id)}
    if accident.merged_into is not None:
        others.add(accident.merged_into)
    chosen = select(Accident.id, Accident.place).where(Accident.id.in_(others - {accident.id}))
    return Doubles(
        pairs=pairs,
        merged_from=await accidents.merged_into(session, accident.id),
        shares=await sharing.of(session, accident.id),
        places={row.id: row.place for row in await session.execute(chosen)},
    )
