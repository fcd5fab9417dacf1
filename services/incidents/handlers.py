"""What incidents does once its own facts are told: what a report opens beside the report itself.

The report is accepted first; clocks of calls, notices and follow-ups are opened after its
commit, counted from when it was received.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import (
    AccidentRegraded,
    AccidentReported,
    AccidentUpdated,
    RelayForwarded,
    RelayTelephoned,
)
from kernel.inbox import Subscription, on
from services.incidents.notices import operations as notices
from services.incidents.relays import operations_calls as calls
from services.incidents.rescues import operations as rescues
from services.incidents.tolls import operations as tolls


async def open_clocks_on_accident_reported(session: AsyncSession, event: AccidentReported) -> None:
    """The desk that took the report telephones, notifies, and follows up every day."""
    await calls.open_first_calls(session, accident_id=event.accident_id)
    await notices.open_notices(
        session,
        accident_id=event.accident_id,
        desk=event.receiving_unit,
        received_at=event.received_at,
    )
    await rescues.begin(session, accident_id=event.accident_id)


async def count_follow_up_on_accident_updated(
    session: AsyncSession, event: AccidentUpdated
) -> None:
    """A follow-up counts for its day, and changes the toll or leaves it."""
    await _count(session, event)


async def count_follow_up_on_accident_regraded(
    session: AsyncSession, event: AccidentRegraded
) -> None:
    """A follow-up that moved the grade counts too, and may ask for further calls."""
    await _count(session, event)
    await calls.open_calls_of_all(session, accident_id=event.accident_id, since=event.occurred_at)


async def _count(session: AsyncSession, event: AccidentUpdated | AccidentRegraded) -> None:
    await tolls.note_change(
        session,
        accident_id=event.accident_id,
        report_id=event.report_id,
        now=event.occurred_at,
    )
    await rescues.count(session, accident_id=event.accident_id, received_at=event.occurred_at)


async def open_clocks_on_relay_forwarded(session: AsyncSession, event: RelayForwarded) -> None:
    """The level that now has the report telephones and notifies in its turn."""
    await calls.note_text(
        session, accident_id=event.accident_id, level=event.level, at=event.forwarded_at
    )
    await calls.open_calls_of(
        session,
        accident_id=event.accident_id,
        unit=event.to_unit,
        received_at=event.forwarded_at,
    )
    await notices.open_notices(
        session,
        accident_id=event.accident_id,
        desk=event.to_unit,
        received_at=event.forwarded_at,
    )


async def open_calls_on_relay_telephoned(session: AsyncSession, event: RelayTelephoned) -> None:
    """A level that was telephoned has the report, and telephones on."""
    await calls.open_calls_of(
        session,
        accident_id=event.accident_id,
        unit=event.to_unit,
        received_at=event.telephoned_at,
    )


SUBSCRIPTIONS: tuple[Subscription, ...] = (
    on(AccidentReported, open_clocks_on_accident_reported),
    on(AccidentUpdated, count_follow_up_on_accident_updated),
    on(AccidentRegraded, count_follow_up_on_accident_regraded),
    on(RelayForwarded, open_clocks_on_relay_forwarded),
    on(RelayTelephoned, open_calls_on_relay_telephoned),
)
