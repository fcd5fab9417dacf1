"""Finding objections to scores."""

from uuid import UUID

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal, Relation
from kernel.listing import Listing, equals, one_of, within
from services.tasks.appeals.domain import AppealStatus
from services.tasks.appeals.tables import Appeal
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct

APPEALS = Listing(
    "score-objections",
    key=Appeal.id,
    sorts={"made_at": Appeal.made_at},
    default="-made_at",
    filters={
        "region": within(Appeal.region_code, "行政区划 / division"),
        "unit": equals(Appeal.unit, str, "提出单位 / the unit that objects"),
        "ranking": equals(Appeal.ranking_id, UUID, "排名编号 / ranking"),
        "status": one_of(Appeal.status, AppealStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[Appeal]:
    """What an actor may list: their unit's, and their subtree's where their role allows."""
    granted = POLICIES.granted(by, ScoreAct.READ_SCORES)
    own = Appeal.unit == by.unit if by.unit else false()
    if Relation.SUBTREE not in granted or by.region is None:
        return select(Appeal).where(own)
    below = Appeal.region_code.startswith(by.region, autoescape=True) if by.region else true()
    return select(Appeal).where(or_(own, below))


async def get(session: AsyncSession, appeal_id: UUID, *, lock: bool = False) -> Appeal:
    """One objection. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Appeal, appeal_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有编号为 {appeal_id} 的异议", f"No objection has the id {appeal_id}.")
    return found


async def waits(
    session: AsyncSession, *, ranking_id: UUID, unit: str, line_id: UUID | None
) -> bool:
    """Whether an objection to the same waits for its ruling."""
    same = Appeal.line_id == line_id if line_id else Appeal.line_id.is_(None)
    chosen = select(Appeal.id).where(
        Appeal.ranking_id == ranking_id,
        Appeal.unit == unit,
        Appeal.status == AppealStatus.MADE,
        same,
    )
    return await session.scalar(chosen.limit(1)) is not None
