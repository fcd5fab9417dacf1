"""Finds addresses of feeds."""

from uuid import UUID

from sqlalchemy import Select, and_, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Filter, Listing
from services.tasks.dues.domain import Holder
from services.tasks.feeds.tables import Feed

FEEDS = Listing(
    "feeds",
    key=Feed.id,
    sorts={"made_at": Feed.made_at},
    default="-made_at",
    filters={
        "live": Filter(
            bool,
            lambda live: Feed.revoked_at.is_(None).is_(live),
            "是否有效 / whether it still serves",
        ),
    },
)


def own(by: Principal) -> Select[Feed]:
    """The addresses of an actor's unit or enterprise."""
    found = select(Feed)
    if by.uscc is not None:
        return found.where(Feed.enterprise_uscc == by.uscc)
    return found.where(Feed.unit == by.unit if by.unit else false())


async def get(session: AsyncSession, feed_id: UUID) -> Feed:
    """One address, locked."""
    found = await session.get(Feed, feed_id, with_for_update=True)
    if found is None:
        raise NotFound(f"没有日历订阅 {feed_id}。", f"There is no feed {feed_id}.")
    return found


async def live(session: AsyncSession, holder: Holder) -> int:
    """How many addresses of somebody serve now."""
    whose = (
        Feed.unit == holder.unit
        if holder.unit is not None
        else Feed.enterprise_uscc == holder.enterprise_uscc
    )
    chosen = select(func.count()).where(and_(whose, Feed.revoked_at.is_(None)))
    return int(await session.scalar(chosen) or 0)


async def by_secret(session: AsyncSession, digest: str) -> Feed | None:
    """The address that a secret opens, unless it was revoked."""
    chosen = select(Feed).where(Feed.secret_sha256 == digest, Feed.revoked_at.is_(None))
    return await session.scalar(chosen)
