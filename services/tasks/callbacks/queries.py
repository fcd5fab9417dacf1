"""Finding return visits."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.callbacks.tables import Callback


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[Callback]:
    """Every return visit about an order, oldest first."""
    chosen = select(Callback).where(Callback.order_id == order_id)
    return (await session.scalars(chosen.order_by(Callback.id))).all()
