"""Finding accidents that may be one, and pairs that were found."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.accidents.tables import Accident
from services.incidents.duplicates.domain import Status
from services.incidents.duplicates.tables import Likeness

MOST = 200
MOST_COMPARED = 50


async def get(session: AsyncSession, likeness_id: UUID, *, lock: bool = False) -> Likeness:
    """One pair. With `lock`, nobody else decides on it meanwhile."""
    found = await session.get(Likeness, likeness_id, with_for_update=lock or None)
    if found is None:
        raise NotFound
    return found


_COMPARED: tuple[Any, ...] = (
    *(Accident.id, Accident.received_at, Accident.enterprise_uscc, Accident.occurred_at),
    *(Accident.accident_type, Accident.place, Accident.lon, Accident.lat),
)


async def around(
    session: AsyncSession, accident: Accident, *, within: timedelta, area: str
) -> Sequence[Row[Any]]:
    """What is compared of other standing accidents of an area about the same time.

    Newest reports first; the ids of those that are offered lead to the rest of them.
    """
    at = accident.occurred_at
    chosen = (
        select(*_COMPARED)
        .where(
            Accident.occurred_at.between(at - within, at + within),
            Accident.region_code.startswith(area, autoescape=True),
            Accident.id != accident.id,
            Accident.merged_into.is_(None),
        )
        .order_by(Accident.received_at.desc(), Accident.id)
        .limit(MOST_COMPARED)
    )
    return (await session.execute(chosen)).all()


async def offered(session: AsyncSession) -> Sequence[Likeness]:
    """Pairs of the session's scope that wait for a person, most alike first."""
    chosen = select(Likeness).where(Likeness.status == Status.OFFERED)
    ordered = chosen.order_by(Likeness.score.desc(), Likeness.found_at, Likeness.id)
    return (await session.scalars(ordered.limit(MOST))).all()


async def of_accident(
    session: AsyncSession, accident_id: UUID, *, lock: bool = False
) -> Sequence[Likeness]:
    """Every pair an accident is in, as they were found."""
    chosen = (
        select(Likeness)
        .where(or_(Likeness.accident_id == accident_id, Likeness.other_id == accident_id))
        .order_by(Likeness.found_at, Likeness.id)
    )
    return (await session.scalars(chosen.with_for_update() if lock else chosen)).all()


async def both(session: AsyncSession, one: UUID, other: UUID) -> tuple[Accident, Accident]:
    """Two accidents, locked in one order so that two merges never wait for each other."""
    rows = {}
    for accident_id in sorted((one, other)):
        rows[accident_id] = await session.get_one(Accident, accident_id, with_for_update=True)
    return rows[one], rows[other]
