"""The HTTP face of relays."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import operations, queries
from services.incidents.relays.schemas import RelayState, Remark
from services.incidents.relays.tables import Relay

router = rooms("/incidents/relays", "relays")

MOST = 200


@router.get("", response_model=list[RelayState])
@act(Act.READ)
async def open_hops(
    session: Session,
    by: Actor,
    accident_id: Annotated[UUID | None, Query(description="Of this accident only.")] = None,
    mine: Annotated[bool, Query(description="Only those my desk must make.")] = False,
) -> Sequence[Relay]:
    """Hops not yet made, soonest due first."""
    unit = (by.unit or "") if mine else None
    found = await queries.open_hops(session, unit=unit, accident_id=accident_id, limit=MOST)
    return [relay for relay in found if POLICIES.allows(by, Act.READ, relay)]


@router.post("/{relay_id}/acknowledge", response_model=RelayState)
@act(Act.RELAY)
async def acknowledge(
    relay_id: UUID, session: Session, by: Actor, now: Now, body: Remark | None = None
) -> Relay:
    """Say that the desk has read the report."""
    note = body.note if body else None
    return await operations.acknowledge(session, relay_id=relay_id, note=note, by=by, now=now)


@router.post("/{relay_id}/forward", response_model=RelayState)
@act(Act.RELAY)
async def forward(
    relay_id: UUID, session: Session, by: Actor, now: Now, body: Remark | None = None
) -> Relay:
    """Pass the report on to the next level."""
    note = body.note if body else None
    return await operations.forward(session, relay_id=relay_id, note=note, by=by, now=now)
