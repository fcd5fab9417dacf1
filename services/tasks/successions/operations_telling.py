"""Tell of a change that was recorded ahead, on the day on which it takes effect."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.outbox import publish
from services.tasks.organisations import operations as registry
from services.tasks.organisations import operations_changes as changes
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain_periods import DAY
from services.tasks.successions import queries


async def tell_change(session: AsyncSession, *, unit: str, on: date, now: datetime) -> None:
    """The unit is told as it is from that day on; of one that is no more, who answers for it."""
    if await organisations.standing(session, [unit], day=on):
        stated = await organisations.stated(session, unit, day=on)
        publish(session, registry.recorded(stated, on=on, now=now))
        return
    heir = (await queries.answering(session, [unit], on=on))[unit]
    assert heir is not None, f"{unit} ended without an heir"
    before = await organisations.unit(session, unit, day=on - DAY)
    publish(session, changes.ended(before, heir=heir, on=on, now=now))
