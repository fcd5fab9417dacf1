"""Finding phone calls."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.phonecalls.tables import PhoneCall


async def get(session: AsyncSession, call_id: UUID) -> PhoneCall:
    """One call."""
    call = await session.get(PhoneCall, call_id)
    if call is None:
        raise NotFound
    return call


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[PhoneCall]:
    """The calls about an accident, first one first."""
    chosen = select(PhoneCall).where(PhoneCall.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(PhoneCall.called_at, PhoneCall.id))).all()
