"""Finding informants and the requests to see them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.informants.tables import Informant, Reveal


async def get(session: AsyncSession, informant_id: UUID) -> Informant:
    """One informant."""
    informant = await session.get(Informant, informant_id)
    if informant is None:
        raise NotFound(
            f"没有编号为 {informant_id} 的举报人", f"No informant has the id {informant_id}."
        )
    return informant


async def reveal(session: AsyncSession, reveal_id: UUID, *, lock: bool = False) -> Reveal:
    """One request. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Reveal, reveal_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有编号为 {reveal_id} 的查看申请", f"No request has the id {reveal_id}.")
    return found
