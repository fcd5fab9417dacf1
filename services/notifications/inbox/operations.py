"""Reading and acknowledging."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from services.notifications import policies
from services.notifications.escalations import operations as escalations
from services.notifications.inbox import queries
from services.notifications.messages.tables import Delivery
from services.notifications.policies import Act


async def read(
    session: AsyncSession, *, message_id: UUID, by: Principal, now: datetime
) -> Delivery:
    """Show one message; its addressee's first reading is kept."""
    row = await queries.get(session, message_id)
    policies.require(by, Act.READ_MESSAGES, on=row)
    if row.read_at is None and policies.POLICIES.allows(by, Act.ACKNOWLEDGE, row):
        row.read_at = now
    return row


async def acknowledge(
    session: AsyncSession, *, message_id: UUID, by: Principal, now: datetime
) -> Delivery:
    """Answer a message for the recipient; the second time nothing changes.

    An alarm stops climbing in this transaction once enough have answered.
    """
    row = await queries.get(session, message_id, lock=True)
    policies.require(by, Act.ACKNOWLEDGE, on=row)
    if row.acknowledged_at is not None:
        return row
    row.acknowledged_at, row.acknowledged_by = now, by.subject
    row.read_at = row.read_at or now
    if row.alarm_id is not None:
        await escalations.answer(
            session,
            alarm_id=row.alarm_id,
            recipient=row.recipient,
            step=row.step or 0,
            by=by,
            now=now,
        )
    audit.note(
        session,
        by=by,
        act=Act.ACKNOWLEDGE,
        entity="message",
        entity_id=message_id,
        detail={"recipient": row.recipient, "alarm": str(row.alarm_id or "")},
    )
    return row
