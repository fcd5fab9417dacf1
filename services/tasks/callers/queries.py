"""Finding callers, the requests to see them, and who looked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.listing import Listing, equals, one_of, within
from kernel.sealed import RevealStatus
from services.tasks.callers.tables import Caller, CallerLook, CallerReveal

REVEALS = Listing(
    "caller-reveals",
    key=CallerReveal.id,
    sorts={"asked_at": CallerReveal.asked_at},
    default="-asked_at",
    filters={
        "region": within(CallerReveal.region_code, "行政区划 / division"),
        "status": one_of(CallerReveal.status, RevealStatus, "状态 / states"),
        "caller": equals(CallerReveal.caller_id, UUID, "来电人编号 / caller"),
    },
)


def reveals_reached_by(by: Principal) -> Select[CallerReveal]:
    """The requests an actor may decide on: those of their subtree."""
    if by.region is None:
        return select(CallerReveal).where(false())
    below = CallerReveal.region_code.startswith(by.region, autoescape=True)
    return select(CallerReveal).where(below)


async def get(session: AsyncSession, caller_id: UUID) -> Caller:
    """One caller."""
    caller = await session.get(Caller, caller_id)
    if caller is None:
        raise NotFound(f"没有编号为 {caller_id} 的来电人", f"No caller has the id {caller_id}.")
    return caller


async def reveal(session: AsyncSession, reveal_id: UUID, *, lock: bool = False) -> CallerReveal:
    """One request. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(CallerReveal, reveal_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有编号为 {reveal_id} 的查看申请", f"No request has the id {reveal_id}.")
    return found


async def looks(session: AsyncSession, caller_id: UUID) -> Sequence[CallerLook]:
    """Every look at a caller, oldest first."""
    chosen = select(CallerLook).where(CallerLook.caller_id == caller_id)
    return (await session.scalars(chosen.order_by(CallerLook.id))).all()
