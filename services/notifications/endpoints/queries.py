"""Questions about endpoints."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.notifications.endpoints.tables import Endpoint


async def get(session: AsyncSession, endpoint_id: UUID, *, lock: bool = False) -> Endpoint:
    """One endpoint, or NotFound."""
    options = {"key_share": True} if lock else None  # new calls may still refer to it
    endpoint = await session.get(Endpoint, endpoint_id, with_for_update=options)
    if endpoint is None:
        raise NotFound
    return endpoint


async def named(session: AsyncSession, *, region_code: str, name: str) -> Endpoint | None:
    """The endpoint of that name in a place."""
    query = select(Endpoint).where(Endpoint.region_code == region_code, Endpoint.name == name)
    return (await session.scalars(query.with_for_update(key_share=True))).one_or_none()


async def all_of(session: AsyncSession) -> Sequence[Endpoint]:
    """Every endpoint that the actor's scope shows, by name."""
    return (await session.scalars(select(Endpoint).order_by(Endpoint.name))).all()
