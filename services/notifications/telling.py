"""How a fact reaches people: as an alarm along its chains, or as a message."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import clock
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.directory import queries as known
from services.notifications.escalations import operations as escalations
from services.notifications.messages import operations as messages
from services.notifications.messages.operations import Cause
from services.notifications.routing.domain import chains
from services.notifications.wording import domain as wording


async def alarm(session: AsyncSession, event: Event, *, told: Collection[str] = ()) -> None:
    """Call the chains of a fact, without those who were told already."""
    cause, now = Cause.of(event), _called_at(event)
    opened = tuple(chains(event, on=cause.day))
    everybody = [code for chain in opened for step in chain.steps for code in step.to]
    name = await _enterprise(session, event, to=everybody)
    heirs = await known.heirs(session, codes=everybody, on=day_of(now))
    if told or heirs:
        opened = tuple(chains(event, on=cause.day, told=told, heirs=heirs))
    if not opened:
        return
    words = wording.words(event, enterprise=name)
    await escalations.raise_alarms(session, cause=cause, words=words, chains=opened, now=now)


async def inform(session: AsyncSession, event: Event, *, to: Iterable[str]) -> None:
    """Tell units and enterprises a fact that nobody has to answer."""
    recipients = tuple(to)
    words = wording.words(event, enterprise=await _enterprise(session, event, to=recipients))
    cause = Cause.of(event)
    await messages.inform(session, cause=cause, words=words, to=recipients, now=_called_at(event))


def _called_at(event: Event) -> datetime:
    """When recipients are called: their minutes run from now, however late the fact arrived."""
    return max(event.occurred_at, clock.now())


async def _enterprise(session: AsyncSession, event: Event, *, to: Iterable[str]) -> str | None:
    """What the event's enterprise is called, read along with those who are told."""
    uscc = getattr(event, "enterprise_uscc", None) or getattr(event, "uscc", None)
    await known.look_up(session, codes=to, uscc=uscc)
    return await known.enterprise_name(session, uscc=uscc)
