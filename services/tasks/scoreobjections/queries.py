"""Finding objections to scores."""

from uuid import UUID

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal, Relation
from kernel.listing import Listing, equals, one_of, within
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.scoreobjections.domain import ScoreObjectionStatus
from services.tasks.scoreobjections.tables import ScoreObjection

APPEALS = Listing(
    "score-objections",
    key=ScoreObjection.id,
    sorts={"made_at": ScoreObjection.made_at},
    default="-made_at",
    filters={
        "region": within(ScoreObjection.region_code, "行政区划 / division"),
        "unit": equals(ScoreObjection.unit, str, "提出单位 / the unit that objects"),
        "ranking": equals(ScoreObjection.ranking_id, UUID, "排名编号 / ranking"),
        "status": one_of(ScoreObjection.status, ScoreObjectionStatus, "状态 / states"),
    },
)


def reached_by(by: Principal) -> Select[ScoreObjection]:
    """What an actor may list: their unit's, and their subtree's where their role allows."""
    granted = POLICIES.granted(by, ScoreAct.READ_SCORES)
    own = ScoreObjection.unit == by.unit if by.unit else false()
    if Relation.SUBTREE not in granted or by.region is None:
        return select(ScoreObjection).where(own)
    below = (
        ScoreObjection.region_code.startswith(by.region, autoescape=True) if by.region else true()
    )
    return select(ScoreObjection).where(or_(own, below))


async def get(session: AsyncSession, objection_id: UUID, *, lock: bool = False) -> ScoreObjection:
    """One objection. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(ScoreObjection, objection_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(
            f"没有编号为 {objection_id} 的异议", f"No objection has the id {objection_id}."
        )
    return found


async def waits(
    session: AsyncSession, *, ranking_id: UUID, unit: str, line_id: UUID | None
) -> bool:
    """Whether an objection to the same waits for its ruling."""
    same = ScoreObjection.line_id == line_id if line_id else ScoreObjection.line_id.is_(None)
    chosen = select(ScoreObjection.id).where(
        ScoreObjection.ranking_id == ranking_id,
        ScoreObjection.unit == unit,
        ScoreObjection.status == ScoreObjectionStatus.MADE,
        same,
    )
    return await session.scalar(chosen.limit(1)) is not None
