"""Finding hops."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from reference.terms import Level
from services.incidents.relays.domain import hop_id
from services.incidents.relays.rules import Means
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
    """The written hops of an accident, lowest level first."""
    chosen = select(Relay).where(Relay.accident_id == accident_id, Relay.means == str(Means.TEXT))
    found = (await session.scalars(chosen)).all()
    return sorted(found, key=lambda relay: relay.reaches.rank)


async def calls_of(
    session: AsyncSession, accident_id: UUID, *, to: Level | None = None, lock: bool = False
) -> Sequence[Relay]:
    """The telephone calls owed about an accident, soonest due first; those to one level."""
    chosen = select(Relay).where(Relay.accident_id == accident_id, Relay.means == str(Means.PHONE))
    if to is not None:
        chosen = chosen.where(Relay.level == str(to))
    if lock:
        chosen = chosen.with_for_update()
    return (await session.scalars(chosen.order_by(Relay.due_at, Relay.id))).all()


async def open_hops(
    session: AsyncSession,
    *,
    means: Means,
    unit: str | None,
    accident_id: UUID | None,
    limit: int,
) -> Sequence[Relay]:
    """Hops not yet made, soonest due first; those of one desk, or of one accident.

    A call stays open until its text has followed.
    """
    chosen = select(Relay).where(
        Relay.forwarded_at.is_(None), Relay.closed_at.is_(None), Relay.means == str(means)
    )
    if unit is not None:
        chosen = chosen.where(Relay.from_unit == unit)
    if accident_id is not None:
        chosen = chosen.where(Relay.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(Relay.due_at, Relay.id).limit(limit))).all()
