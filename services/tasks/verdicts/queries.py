"""Finding verdicts on yearly assessments."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal, Relation
from kernel.listing import Listing, equals, within
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.rankings.tables import Ranking
from services.tasks.verdicts.tables import Verdict

VERDICTS = Listing(
    "verdicts",
    key=Verdict.id,
    sorts={"stated_at": Verdict.stated_at, "year": Verdict.year},
    default="-stated_at",
    filters={
        "region": within(Verdict.region_code, "行政区划 / division"),
        "unit": equals(Verdict.unit, str, "单位 / unit"),
        "year": equals(Verdict.year, int, "考核年度 / year of the assessment"),
        "ranking": equals(Verdict.ranking_id, UUID, "排名编号 / ranking"),
    },
)


def reached_by(by: Principal) -> Select[Verdict]:
    """What an actor may list: their unit's, and their subtree's where their role allows."""
    granted = POLICIES.granted(by, ScoreAct.READ_CARDS)
    own = Verdict.unit == by.unit if by.unit else false()
    if Relation.SUBTREE not in granted or by.region is None:
        return select(Verdict).where(own)
    below = Verdict.region_code.startswith(by.region, autoescape=True) if by.region else true()
    return select(Verdict).where(or_(own, below))


async def on(session: AsyncSession, ranking_id: UUID, unit: str) -> Verdict | None:
    """The verdict on a unit's assessment."""
    chosen = select(Verdict).where(Verdict.ranking_id == ranking_id, Verdict.unit == unit)
    return await session.scalar(chosen)


async def on_earlier_versions(session: AsyncSession, ranking: Ranking) -> Sequence[Verdict]:
    """The verdicts on the versions that a ranking corrects, the newest of each unit."""
    chosen = (
        select(Verdict)
        .join(Ranking, Ranking.id == Verdict.ranking_id)
        .where(
            Ranking.group_code == ranking.group_code,
            Ranking.cadence == ranking.cadence,
            Ranking.first == ranking.first,
            Ranking.version < ranking.version,
        )
        .order_by(Verdict.unit, Ranking.version.desc())
        .ext(distinct_on(Verdict.unit))
    )
    return (await session.scalars(chosen)).all()
