"""Finding accidents."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.accidents.tables import Accident, GradeVersion


async def get(session: AsyncSession, accident_id: UUID, *, lock: bool = False) -> Accident:
    """One accident. With `lock`, nobody else changes it until this transaction ends."""
    accident = await session.get(Accident, accident_id, with_for_update=lock or None)
    if accident is None:
        raise NotFound(f"没有编号为 {accident_id} 的事故", f"No accident has the id {accident_id}.")
    return accident


async def grades(session: AsyncSession, accident_id: UUID) -> Sequence[GradeVersion]:
    """Every grade it had, oldest first."""
    chosen = select(GradeVersion).where(GradeVersion.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(GradeVersion.version))).all()
