"""What happens when one of this service's deadlines is reached."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.timers import Timer, when
from services.notifications.escalations import operations as escalations


async def open_next_step_when_nobody_answered(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """The time of a step ran out: call the next one."""
    alarm_id = UUID(timer.entity_id)
    await escalations.climb(session, alarm_id=alarm_id, opened=timer.generation, now=now)


TIMERS = (when(escalations.STEP, open_next_step_when_nobody_answered),)
