"""The HTTP face of relays."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.policies import POLICIES, Act
from services.incidents.readings import queries as readings
from services.incidents.relays import operations, operations_calls, queries
from services.incidents.relays.rules import Means
from services.incidents.relays.schemas import RelayState, Remark
from services.incidents.relays.tables import Relay

router = rooms("/incidents/relays", "relays")

MOST = 200

OfAccident = Annotated[UUID | None, Query(description="Of this accident only.")]
Mine = Annotated[bool, Query(description="Only those my desk must make.")]


@router.get("")
@act(Act.READ)
async def open_hops(
    session: Session, by: Actor, accident_id: OfAccident = None, mine: Mine = False
) -> list[RelayState]:
    """Written hops not yet made, soonest due first."""
    return await _open(session, Means.TEXT, by=by, accident_id=accident_id, mine=mine)


@router.get("/calls")
@act(Act.READ)
async def open_calls(
    session: Session, by: Actor, accident_id: OfAccident = None, mine: Mine = False
) -> list[RelayState]:
    """Telephone calls not yet made, or whose text has not followed, soonest due first."""
    return await _open(session, Means.PHONE, by=by, accident_id=accident_id, mine=mine)


async def _open(
    session: AsyncSession, means: Means, *, by: Principal, accident_id: UUID | None, mine: bool
) -> list[RelayState]:
    unit = (by.unit or "") if mine else None
    found = await queries.open_hops(
        session, means=means, unit=unit, accident_id=accident_id, limit=MOST
    )
    return await _states(session, [hop for hop in found if POLICIES.allows(by, Act.READ, hop)])


async def _states(session: AsyncSession, hops: Sequence[Relay]) -> list[RelayState]:
    read = await readings.readings(session, {hop.accident_id for hop in hops})
    return [RelayState.of(hop, read.get((hop.accident_id, hop.to_unit))) for hop in hops]


@router.post("/{relay_id}/acknowledge")
@act(Act.RELAY)
async def acknowledge(
    relay_id: UUID, session: Session, by: Actor, now: Now, body: Remark | None = None
) -> RelayState:
    """Say that the desk has read the report."""
    note = body.note if body else None
    relay = await operations.acknowledge(session, relay_id=relay_id, note=note, by=by, now=now)
    return (await _states(session, [relay]))[0]


@router.post("/{relay_id}/phone")
@act(Act.RELAY)
async def phone(
    relay_id: UUID, session: Session, by: Actor, now: Now, body: Remark | None = None
) -> RelayState:
    """Say that the level was telephoned; the text must follow."""
    note = body.note if body else None
    relay = await operations_calls.phone(session, relay_id=relay_id, note=note, by=by, now=now)
    return (await _states(session, [relay]))[0]


@router.post("/{relay_id}/forward")
@act(Act.RELAY)
async def forward(
    relay_id: UUID, session: Session, by: Actor, now: Now, body: Remark | None = None
) -> RelayState:
    """Pass the report on in writing: to the next level, or past the levels after a call."""
    note = body.note if body else None
    relay = await operations.forward(session, relay_id=relay_id, note=note, by=by, now=now)
    return (await _states(session, [relay]))[0]
