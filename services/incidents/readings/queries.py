"""Finding which desks have read of which accidents."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.incidents.readings.tables import DeskReading


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[DeskReading]:
    """Which desks have read of an accident, the first one first."""
    chosen = select(DeskReading).where(DeskReading.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(DeskReading.read_at, DeskReading.unit))).all()


async def readings(
    session: AsyncSession, accident_ids: Collection[UUID]
) -> Mapping[tuple[UUID, str], DeskReading]:
    """The first readings of some accidents, by accident and desk."""
    chosen = select(DeskReading).where(DeskReading.accident_id.in_(accident_ids))
    found = (await session.scalars(chosen)).all()
    return {(reading.accident_id, reading.unit): reading for reading in found}
