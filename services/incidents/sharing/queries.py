"""Finding what is shared with a place."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.sharing.tables import Share

MOST = 200


async def newest(session: AsyncSession, *, below: str) -> Sequence[Share]:
    """What is shared with places below a prefix of divisions, newest first."""
    told = select(Share).where(Share.region_code.startswith(below, autoescape=True))
    chosen = told.order_by(Share.shared_at.desc(), Share.accident_id).limit(MOST)
    return (await session.scalars(chosen)).all()


async def of(session: AsyncSession, accident_id: UUID) -> Sequence[Share]:
    """The shares of an accident: a further place sees its own, the leading one all of them."""
    chosen = select(Share).where(Share.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Share.shared_at, Share.region_code))).all()


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Share]:
    """The shares of an accident that the session's scope holds, or a refusal."""
    found = await of(session, accident_id)
    if not found:
        raise NotFound
    return found
