"""What tasks does when a deadline passes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import SYSTEM
from kernel.timers import Timer, when
from services.tasks.digests import operations as digests
from services.tasks.dispatches import operations_overdue as dispatches
from services.tasks.dispatches import operations_sending as sending
from services.tasks.figures import operations_bases as bases
from services.tasks.inheritances import operations as inheritance
from services.tasks.obligations import operations, queries
from services.tasks.orders import operations as orders
from services.tasks.organisations.operations import CHANGE_DUE
from services.tasks.parts import operations_heirs as parts
from services.tasks.successions import operations_telling as telling
from services.tasks.successions.operations import INHERITANCE_DUE
from services.tasks.triggers import operations as triggers


async def note_overdue_when_obligation_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A subject that has handed nothing in by the deadline is overdue."""
    row = await queries.get(session, UUID(timer.entity_id), lock=True)
    operations.note_overdue(session, row, now=now)


async def note_overdue_when_triggered_duty_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Everybody who has not done what an event asked of all is overdue."""
    await triggers.note_overdue(session, triggered_id=UUID(timer.entity_id), now=now)


async def tell_change_when_it_takes_effect(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit that was changed ahead is told as it is from today on."""
    unit, _, day = timer.entity_id.partition("@")
    await telling.tell_change(session, unit=unit, on=date.fromisoformat(day), now=now)


async def hand_obligations_over_when_unit_ended(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """What a unit that is no more owed is its heir's from today on."""
    await inheritance.hand_over(session, unit=timer.entity_id, now=now)
    await parts.hand_over(session, unit=timer.entity_id, now=now)


async def note_overdue_when_order_dispatch_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A desk that has not found who handles an order is overdue."""
    await orders.note_dispatch_overdue(session, order_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_order_callback_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A caller whom nobody has asked whether it helped is owed a return visit."""
    await orders.note_callback_overdue(session, order_id=UUID(timer.entity_id), now=now)


async def note_unsigned_when_order_sign_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit that has not signed for an order is overdue."""
    await dispatches.note_unsigned(session, dispatch_id=UUID(timer.entity_id), now=now)


async def warn_when_order_handling_ends_soon(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """A unit whose time ends soon is warned."""
    await dispatches.warn(session, dispatch_id=UUID(timer.entity_id), now=now)


async def note_overdue_when_order_handling_due(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Whoever holds an order whose time is up is overdue."""
    await dispatches.note_overdue(session, dispatch_id=UUID(timer.entity_id), now=now)


async def freeze_base_when_year_begins(session: AsyncSession, timer: Timer, now: datetime) -> None:
    """What the year before had is what this year's reductions are measured from."""
    await bases.freeze_when_due(session, year=int(timer.entity_id), by=SYSTEM, now=now)
    await bases.arm_freezing(session, now=now)


async def tell_digests_when_morning_comes(
    session: AsyncSession, timer: Timer, now: datetime
) -> None:
    """Each unit hears once a working day what it owes."""
    await digests.tell(session, entity_id=timer.entity_id, now=now)


TIMERS = (
    when(digests.DIGEST_DUE, tell_digests_when_morning_comes),
    when(bases.BASE_DUE, freeze_base_when_year_begins),
    when(CHANGE_DUE, tell_change_when_it_takes_effect),
    when(INHERITANCE_DUE, hand_obligations_over_when_unit_ended),
    when(operations.DUE, note_overdue_when_obligation_due),
    when(triggers.DUE, note_overdue_when_triggered_duty_due),
    when(orders.DISPATCH_DUE, note_overdue_when_order_dispatch_due),
    when(orders.CALLBACK_DUE, note_overdue_when_order_callback_due),
    when(sending.SIGN_DUE, note_unsigned_when_order_sign_due),
    when(sending.HANDLE_WARNING, warn_when_order_handling_ends_soon),
    when(sending.HANDLE_DUE, note_overdue_when_order_handling_due),
)
