"""Finding what is shared with a place."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.sharing.tables import Share

MOST = 200


async def newest(session: AsyncSession) -> Sequence[Share]:
    """What is shared with the places of the session's scope, newest first."""
    chosen = select(Share).order_by(Share.shared_at.desc(), Share.accident_id).limit(MOST)
    return (await session.scalars(chosen)).all()


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Share]:
    """The shares of an accident that the session's scope holds, or a refusal."""
    found = (await session.scalars(select(Share).where(Share.accident_id == accident_id))).all()
    if not found:
        raise NotFound
    return found
