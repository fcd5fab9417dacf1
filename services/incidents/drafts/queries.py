"""Finding drafts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.drafts.domain import Status
from services.incidents.drafts.tables import Draft

MOST = 200


async def get(session: AsyncSession, draft_id: UUID, *, lock: bool = False) -> Draft:
    """One draft. With `lock`, nobody else changes it until this transaction ends."""
    draft = await session.get(Draft, draft_id, with_for_update=lock or None)
    if draft is None:
        raise NotFound
    return draft


async def open_ones(session: AsyncSession) -> Sequence[Draft]:
    """Drafts of the session's scope that are still being written, newest first."""
    chosen = select(Draft).where(Draft.status == Status.OPEN)
    return (await session.scalars(chosen.order_by(Draft.saved_at.desc()).limit(MOST))).all()
