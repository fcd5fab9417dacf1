"""Finding notices."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.notices.tables import Notice


async def get(session: AsyncSession, notice_id: UUID, *, lock: bool = False) -> Notice:
    """One notice. With `lock`, nobody else changes it until this transaction ends."""
    notice = await session.get(Notice, notice_id, with_for_update=lock or None)
    if notice is None:
        raise NotFound(f"没有编号为 {notice_id} 的通知", f"No notice has the id {notice_id}.")
    return notice


async def of_accident(
    session: AsyncSession, accident_id: UUID, *, lock: bool = False
) -> Sequence[Notice]:
    """The notices of an accident, soonest due first, told or not."""
    chosen = select(Notice).where(Notice.accident_id == accident_id)
    if lock:
        chosen = chosen.with_for_update()
    return (await session.scalars(chosen.order_by(Notice.due_at, Notice.body, Notice.id))).all()


async def owed(session: AsyncSession, *, unit: str | None, limit: int) -> Sequence[Notice]:
    """Notices not yet given, soonest due first; those of one desk."""
    chosen = select(Notice).where(Notice.told_at.is_(None), Notice.closed_at.is_(None))
    if unit is not None:
        chosen = chosen.where(Notice.from_unit == unit)
    return (await session.scalars(chosen.order_by(Notice.due_at, Notice.id).limit(limit))).all()
