"""Finding rankings and their rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.calendar import Cadence
from kernel.listing import Listing, equals, one_of
from services.tasks.indicators.domain import Period
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct
from services.tasks.rankings.domain import RankingStatus
from services.tasks.rankings.tables import Ranking, RankingRow

RANKINGS = Listing(
    "rankings",
    key=Ranking.id,
    sorts={"last": Ranking.last, "drafted_at": Ranking.drafted_at},
    default="-last",
    filters={
        "group": equals(Ranking.group_code, str, "考核组别 / group of peers"),
        "cadence": one_of(Ranking.cadence, Cadence, "周期类别 / rhythms"),
        "status": one_of(Ranking.status, RankingStatus, "状态 / states"),
        "first": equals(Ranking.first, date, "周期首日 / first day of the period"),
    },
)

OPEN_TO_ALL = (RankingStatus.PUBLISHED, RankingStatus.SUPERSEDED)


def reached_by(by: Principal) -> Select[Ranking]:
    """What an actor may list: what was published, and drafts where they may see them."""
    chosen = select(Ranking)
    open_to_all = Ranking.status.in_(OPEN_TO_ALL)
    drafts = POLICIES.granted(by, ScoreAct.READ_DRAFT_RANKINGS)
    if not drafts or by.region is None:
        return chosen.where(open_to_all)
    below = Ranking.region_code.startswith(by.region, autoescape=True) if by.region else true()
    return chosen.where(or_(open_to_all, below))


async def seen(session: AsyncSession, ranking_id: UUID, *, by: Principal) -> Ranking:
    """One ranking, for those who read it; a draft is absent to others."""
    found = await session.scalar(reached_by(by).where(Ranking.id == ranking_id))
    if found is None:
        raise _absent(ranking_id)
    return found


async def get(session: AsyncSession, ranking_id: UUID, *, lock: bool = False) -> Ranking:
    """One ranking. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Ranking, ranking_id, with_for_update=lock or None)
    if found is None:
        raise _absent(ranking_id)
    return found


def _absent(ranking_id: UUID) -> NotFound:
    return NotFound(f"没有编号为 {ranking_id} 的排名", f"No ranking has the id {ranking_id}.")


async def rows(session: AsyncSession, ranking_id: UUID) -> Sequence[RankingRow]:
    """The rows of a ranking, in their order."""
    chosen = select(RankingRow).where(RankingRow.ranking_id == ranking_id)
    return (await session.scalars(chosen.order_by(RankingRow.place))).all()


async def row_of(session: AsyncSession, ranking_id: UUID, unit: str) -> RankingRow | None:
    """The row of a unit in a ranking."""
    chosen = select(RankingRow).where(
        RankingRow.ranking_id == ranking_id, RankingRow.subject == unit
    )
    return await session.scalar(chosen)


async def versions(
    session: AsyncSession, *, group: str, period: Period, lock: bool = False
) -> Sequence[Ranking]:
    """Every version of a ranking, oldest first."""
    chosen = (
        select(Ranking)
        .where(
            Ranking.cadence == period.cadence,
            Ranking.group_code == group,
            Ranking.first == period.first,
        )
        .order_by(Ranking.version)
    )
    return (await session.scalars(chosen.with_for_update() if lock else chosen)).all()


async def published(session: AsyncSession, *, group: str, period: Period) -> Ranking | None:
    """The version of a period that is published now."""
    found = await versions(session, group=group, period=period)
    return next((row for row in found if row.status == RankingStatus.PUBLISHED), None)


async def corrected(session: AsyncSession, ranking: Ranking) -> Ranking | None:
    """The version that was published before this one, if this one corrects any."""
    found = await versions(session, group=ranking.group_code, period=ranking.period)
    return next(
        (
            row
            for row in reversed(found)
            if row.version < ranking.version and row.status == RankingStatus.SUPERSEDED
        ),
        None,
    )


async def standing_before(
    session: AsyncSession, *, group: str, period: Period
) -> Mapping[str, RankingRow]:
    """How units stood in the ranking of the period before, if one was published."""
    before = await published(session, group=group, period=period.before)
    if before is None:
        return {}
    return {row.subject: row for row in await rows(session, before.id)}


async def next_number(session: AsyncSession, ranking: Ranking) -> int:
    """The next running number of a year's rankings of one sort."""
    newest = select(func.max(Ranking.number)).where(
        Ranking.year == ranking.year,
        Ranking.cadence == ranking.cadence,
        Ranking.group_code == ranking.group_code,
    )
    return (await session.scalar(newest) or 0) + 1
