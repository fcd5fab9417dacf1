"""Reads when the clock of a shared obligation stood."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.appeals.tables import Appeal
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.domain_delays import Stood


async def stood(session: AsyncSession, row: Obligation) -> list[Stood]:
    """When the clock of an obligation stood, and of those that it goes on with.

    An objection stops a clock that ran; what stands now does so for whatever reason.
    """
    found = [] if row.stopped_at is None else [Stood(since=row.stopped_at, until=None)]
    for obligation_id in await _followed_up(session, row):
        stopping = select(Appeal.made_at, Appeal.decided_at).where(
            Appeal.obligation_id == obligation_id,
            Appeal.part_id.is_(None),
            Appeal.stood.is_(False),
        )
        rows = await session.execute(stopping)
        found += [Stood(since=since, until=until) for since, until in rows]
    return found


async def _followed_up(session: AsyncSession, row: Obligation) -> list[UUID]:
    found, inherited = [row.id], row.inherits
    while inherited is not None:
        found.append(inherited)
        chosen = select(Obligation.inherits).where(Obligation.id == inherited)
        inherited = await session.scalar(chosen)
    return found
