"""Planning hops, making them, and finding out that one was not made."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import Hop, RelayForwarded, RelayOverdue
from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.outbox import publish
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import domain, queries, rules
from services.incidents.relays.domain import HopAction, HopStatus
from services.incidents.relays.rules import Means, PlannedHop
from services.incidents.relays.tables import Relay

RELAY_DUE = "relay_due"


def add_hops(
    session: AsyncSession, *, accident: Accident, hops: Sequence[PlannedHop], now: datetime
) -> list[Relay]:
    """Put planned hops on their clocks. They are new, so no earlier clock is looked for."""
    relays = [_relay(accident, hop, now) for hop in hops]
    session.add_all(relays)
    timers.begin(session, *(_clock(relay) for relay in relays))
    return relays


def _relay(accident: Accident, hop: PlannedHop, now: datetime) -> Relay:
    return Relay.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=domain.id_of(accident.id, hop),
        accident_id=accident.id,
        level=str(hop.level),
        from_unit=hop.from_unit,
        to_unit=hop.to_unit,
        status=str(HopStatus.PENDING),
        means=str(hop.means),
        received_at=hop.received_at,
        planned_at=now,
        planned_due_at=hop.due_at,
        due_at=hop.due_at,
        rule=hop.rule,
        late=False,
    )


def _clock(relay: Relay) -> timers.Timer:
    return timers.new(kind=RELAY_DUE, entity_id=str(relay.id), due_at=relay.due_at, rule=relay.rule)


def told(relay: Relay) -> Hop:
    """A hop as events tell it."""
    return Hop(
        relay_id=relay.id,
        level=relay.reaches,
        from_unit=relay.from_unit,
        to_unit=relay.to_unit,
        due_at=relay.due_at,
    )


async def acknowledge(
    session: AsyncSession, *, relay_id: UUID, note: str | None, by: Principal, now: datetime
) -> Relay:
    """The desk whose turn it is says that it has read the report."""
    relay = await queries.get(session, relay_id, lock=True)
    POLICIES.require(by, Act.RELAY, on=relay, seen_by=Act.READ)
    relay.status = str(domain.after(relay.stands, HopAction.ACKNOWLEDGE, means=relay.owed))
    stamp_acknowledged(relay, by, now)
    relay.note = note or relay.note
    await note_changed(session, relay, by, HopAction.ACKNOWLEDGE, now)
    return relay


async def forward(
    session: AsyncSession, *, relay_id: UUID, note: str | None, by: Principal, now: datetime
) -> Relay:
    """The desk passes the report on; the next level's clock starts anew (Decree 493, 11).

    Writing past the levels after a call moves no clock: each level still writes to the next.
    """
    relay = await queries.get(session, relay_id, lock=True)
    POLICIES.require(by, Act.RELAY, on=relay, seen_by=Act.READ)
    relay.status = str(domain.after(relay.stands, HopAction.FORWARD, means=relay.owed))
    stamp_acknowledged(relay, by, now)
    relay.forwarded_at, relay.forwarded_by = now, by.subject
    relay.note = note or relay.note
    next_due = None
    if relay.owed is Means.TEXT:
        relay.late = rules.late(due_at=relay.due_at, at=now)
        await timers.cancel(session, kind=RELAY_DUE, entity_id=str(relay.id), now=now)
        next_due = await _restart_next(session, relay, now)
    await note_changed(session, relay, by, HopAction.FORWARD, now)
    publish(
        session,
        RelayForwarded(
            occurred_at=now,
            accident_id=relay.accident_id,
            region_code=relay.region_code,
            enterprise_uscc=relay.enterprise_uscc,
            relay_id=relay.id,
            level=relay.reaches,
            from_unit=relay.from_unit,
            to_unit=relay.to_unit,
            forwarded_at=now,
            late=relay.late,
            next_due_at=next_due,
        ),
    )
    return relay


def stamp_acknowledged(relay: Relay, by: Principal, now: datetime) -> None:
    """Whoever does anything with a hop has read it."""
    if relay.acknowledged_at is None:
        relay.acknowledged_at, relay.acknowledged_by = now, by.subject


async def _restart_next(session: AsyncSession, relay: Relay, now: datetime) -> datetime | None:
    """The next level has the report from now on; the clock it had stays as a generation."""
    following = await queries.following(session, relay)
    if following is not None:
        following.received_at = now
    if following is None or following.forwarded_at is not None:
        return None
    today = calendar.day_of(now)
    following.due_at = rules.hop_due(relay.reaches, received_at=now, on=today)
    await timers.arm(
        session,
        kind=RELAY_DUE,
        entity_id=str(following.id),
        due_at=following.due_at,
        rule=following.rule,
        reason=f"relay {relay.id} forwarded",
    )
    return following.due_at


async def note_changed(
    session: AsyncSession, relay: Relay, by: Principal, action: HopAction, now: datetime
) -> None:
    """Count the change of the accident and note who acted."""
    accident = await accident_queries.get(session, relay.accident_id, lock=True)
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=f"relay.{action}", entity="relay", entity_id=relay.id)


async def close(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Nobody has to make an accident's open hops any more; every stamp they have stays."""
    written = await queries.of_accident(session, accident_id)
    for relay in (*written, *await queries.calls_of(session, accident_id, lock=True)):
        if relay.made_at is None:
            relay.status = str(domain.after(relay.stands, HopAction.CLOSE, means=relay.owed))
            relay.closed_at = now
            await timers.cancel(session, kind=RELAY_DUE, entity_id=str(relay.id), now=now)


async def mark_overdue(session: AsyncSession, *, relay_id: UUID, now: datetime) -> None:
    """A hop's time is up. If it was not made, both ends are alarmed."""
    relay = await queries.get(session, relay_id, lock=True)
    if relay.made_at is not None or relay.closed_at is not None:
        return
    relay.overdue_at = relay.overdue_at or now
    accident = await accident_queries.get(session, relay.accident_id, lock=True)
    accidents.record_change(session, accident=accident, now=now)
    publish(
        session,
        RelayOverdue(
            occurred_at=now,
            accident_id=relay.accident_id,
            region_code=relay.region_code,
            enterprise_uscc=relay.enterprise_uscc,
            relay_id=relay.id,
            level=relay.reaches,
            from_unit=relay.from_unit,
            to_unit=relay.to_unit,
            due_at=relay.due_at,
            grade=accident.current_grade,
            by_phone=relay.owed is Means.PHONE,
        ),
    )
