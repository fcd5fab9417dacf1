"""Telephone calls past the levels: owed as soon as a desk has the report, met by calling."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import RelayTelephoned
from kernel import calendar, timers
from kernel.access import Principal
from kernel.outbox import publish
from reference import units
from reference.terms import Level
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import domain, operations, queries, rules
from services.incidents.relays.domain import HopAction, HopStatus
from services.incidents.relays.tables import Relay


async def open_first_calls(session: AsyncSession, *, accident_id: UUID) -> None:
    """The desk that took the first report owes its calls from then on."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    received = accident.received_at
    await _open(session, accident, accident.receiving_unit, received=received, since=received)


async def open_calls_of(
    session: AsyncSession, *, accident_id: UUID, unit: str, received_at: datetime
) -> None:
    """A desk that was told, in writing or by telephone, owes its own calls from then on."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    await _open(session, accident, unit, received=received_at, since=received_at)


async def open_calls_of_all(session: AsyncSession, *, accident_id: UUID, since: datetime) -> None:
    """A graver grade asks calls of every desk that has the report, from then on."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    holders = {accident.receiving_unit: accident.received_at}
    for hop in await queries.of_accident(session, accident_id):
        if hop.forwarded_at is not None:
            holders[hop.to_unit] = hop.forwarded_at
    for unit, received in holders.items():
        await _open(session, accident, unit, received=received, since=max(received, since))


async def _open(
    session: AsyncSession, accident: Accident, unit: str, *, received: datetime, since: datetime
) -> None:
    """Put the calls that a desk owes on their clocks; those that stand are left alone."""
    planned = rules.calls(
        region=accident.region_code,
        sender=units.unit(unit, on=calendar.day_of(since)),
        grade=accident.current_grade,
        received_at=received,
        counted_from=since,
    )
    standing = {call.id for call in await queries.calls_of(session, accident.id)}
    fresh = [hop for hop in planned if domain.id_of(accident.id, hop) not in standing]
    operations.add_hops(session, accident=accident, hops=fresh, now=since)


async def phone(
    session: AsyncSession, *, relay_id: UUID, note: str | None, by: Principal, now: datetime
) -> Relay:
    """The desk has telephoned; in time or late, the text must still follow (Order 21, 8)."""
    relay = await queries.get(session, relay_id, lock=True)
    POLICIES.require(by, Act.RELAY, on=relay, seen_by=Act.READ)
    relay.status = str(domain.after(relay.stands, HopAction.PHONE, means=relay.owed))
    operations.stamp_acknowledged(relay, by, now)
    relay.phone_at, relay.phone_by = now, by.subject
    relay.late = rules.late(due_at=relay.due_at, at=now)
    relay.note = note or relay.note
    await timers.cancel(session, kind=operations.RELAY_DUE, entity_id=str(relay.id), now=now)
    written = await session.get(Relay, domain.hop_id(relay.accident_id, relay.reaches))
    if written is not None and written.forwarded_at is not None:
        _close(relay, at=written.forwarded_at)
    await operations.note_changed(session, relay, by, HopAction.PHONE, now)
    publish(
        session,
        RelayTelephoned(
            occurred_at=now,
            accident_id=relay.accident_id,
            region_code=relay.region_code,
            enterprise_uscc=relay.enterprise_uscc,
            relay_id=relay.id,
            level=relay.reaches,
            from_unit=relay.from_unit,
            to_unit=relay.to_unit,
            telephoned_at=now,
            late=relay.late,
        ),
    )
    return relay


async def note_text(
    session: AsyncSession, *, accident_id: UUID, level: Level, at: datetime
) -> None:
    """The written report has reached a level: the calls to it have their text."""
    for call in await queries.calls_of(session, accident_id, to=level, lock=True):
        if call.stands is HopStatus.PHONED:
            _close(call, at=at)


def _close(call: Relay, *, at: datetime) -> None:
    call.status = str(domain.after(HopStatus.PHONED, HopAction.FORWARD, means=call.owed))
    call.forwarded_at = at
