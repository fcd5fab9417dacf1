"""Finding the people harmed in an accident."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.casualties.tables import Casualty, CasualtyVersion


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Casualty]:
    """Everybody listed, in the order in which they were."""
    chosen = select(Casualty).where(Casualty.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Casualty.id))).all()


async def get(
    session: AsyncSession, casualty_id: UUID, *, accident_id: UUID, lock: bool = False
) -> Casualty:
    """Somebody listed in an accident. With `lock`, nobody else changes the entry meanwhile."""
    found = await session.get(Casualty, casualty_id, with_for_update=lock or None)
    if found is None or found.accident_id != accident_id:
        raise NotFound(f"没有编号为 {casualty_id} 的人员", f"Nobody has the id {casualty_id}.")
    return found


async def versions(session: AsyncSession, casualty_id: UUID) -> Sequence[CasualtyVersion]:
    """Every state of an entry, oldest first."""
    chosen = select(CasualtyVersion).where(CasualtyVersion.casualty_id == casualty_id)
    return (await session.scalars(chosen.order_by(CasualtyVersion.version))).all()


async def listed(session: AsyncSession, *, accident_id: UUID, identity: bytes) -> UUID | None:
    """Who in an accident has an id number, by its blind index."""
    chosen = select(Casualty.id).where(
        Casualty.accident_id == accident_id, Casualty.identity == identity
    )
    return await session.scalar(chosen)
