"""Questions about messages and their deliveries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery, Message


async def told_of(session: AsyncSession, *, origin: str) -> Sequence[str]:
    """Everybody who has a message about an accident or duty in the inbox, first told first."""
    query = (
        select(Delivery.recipient)
        .join(Message)
        .where(
            Message.origin == origin,
            Delivery.channel == Channel.INBOX,
            Delivery.status == Status.DELIVERED,
        )
        .order_by(Delivery.delivery_id)
    )
    return tuple(dict.fromkeys((await session.scalars(query)).all()))
