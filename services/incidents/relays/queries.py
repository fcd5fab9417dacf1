"""Finding hops."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.relays.domain import hop_id
from services.incidents.relays.tables import Relay


async def get(session: AsyncSession, relay_id: UUID, *, lock: bool = False) -> Relay:
    """One hop. With `lock`, nobody else changes it until this transaction ends."""
    relay = await session.get(Relay, relay_id, with_for_update=lock or None)
    if relay is None:
        raise NotFound(f"没有编号为 {relay_id} 的上报环节", f"No relay has the id {relay_id}.")
    return relay


async def following(session: AsyncSession, relay: Relay) -> Relay | None:
    """The hop after one, if the report goes further."""
    after = hop_id(relay.accident_id, relay.reaches.up())
    return None if after == relay.id else await session.get(Relay, after, with_for_update=True)


async def of_accident(session: AsyncSession, accident_id: UUID) -> Sequence[Relay]:
    """The hops of an accident, lowest level first."""
    found = (await session.scalars(select(Relay).where(Relay.accident_id == accident_id))).all()
    return sorted(found, key=lambda relay: relay.reaches.rank)


async def open_hops(
    session: AsyncSession, *, unit: str | None, accident_id: UUID | None, limit: int
) -> Sequence[Relay]:
    """Hops not yet made, soonest due first; those of one desk, or of one accident."""
    chosen = select(Relay).where(Relay.forwarded_at.is_(None), Relay.closed_at.is_(None))
    if unit is not None:
        chosen = chosen.where(Relay.from_unit == unit)
    if accident_id is not None:
        chosen = chosen.where(Relay.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Relay.due_at, Relay.id).limit(limit))).all()
