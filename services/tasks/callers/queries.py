"""Finding callers, the requests to see them, and who looked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.tasks.callers.tables import Caller, CallerLook, CallerReveal


async def get(session: AsyncSession, caller_id: UUID) -> Caller:
    """One caller."""
    caller = await session.get(Caller, caller_id)
    if caller is None:
        raise NotFound(f"没有编号为 {caller_id} 的来电人", f"No caller has the id {caller_id}.")
    return caller


async def reveal(session: AsyncSession, reveal_id: UUID, *, lock: bool = False) -> CallerReveal:
    """One request. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(CallerReveal, reveal_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有编号为 {reveal_id} 的查看申请", f"No request has the id {reveal_id}.")
    return found


async def looks(session: AsyncSession, caller_id: UUID) -> Sequence[CallerLook]:
    """Every look at a caller, oldest first."""
    chosen = select(CallerLook).where(CallerLook.caller_id == caller_id)
    return (await session.scalars(chosen.order_by(CallerLook.id))).all()
