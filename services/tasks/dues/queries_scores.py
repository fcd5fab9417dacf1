"""Source: the ruling on a unit's objection to its score or rank."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reference import scoring
from services.tasks.dues.domain import Said
from services.tasks.dues.queries_kinds import Source, asked, unmoved
from services.tasks.rankings.domain_wording import Language
from services.tasks.rankings.tables import Ranking
from services.tasks.scoreobjections.domain import ScoreObjectionStatus
from services.tasks.scoreobjections.tables import ScoreObjection


async def _said(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """Which ranking it is about; never on what grounds."""
    chosen = select(ScoreObjection.id, Ranking).join(
        Ranking, Ranking.id == ScoreObjection.ranking_id
    )
    rows = await session.execute(chosen.where(ScoreObjection.id.in_(ids)))
    return {found: _named(ranking) for found, ranking in rows}


def _named(ranking: Ranking) -> Said:
    group = scoring.group(ranking.group_code, on=ranking.last)
    zh, en = (Language(chinese=chinese).period(ranking.period) for chinese in (True, False))
    return Said(
        f"裁定得分排名异议：{group.zh}，{zh}",
        f"Rule on an objection to a ranking: {group.en}, {en}",
    )


SOURCES: tuple[Source, ...] = (
    Source(
        kind="score_ruling",
        entity="score-objections",
        owed=asked(
            ScoreObjection.id,
            unit=ScoreObjection.office,
            due=ScoreObjection.due_at,
            opened=ScoreObjection.made_at,
            changed=[ScoreObjection.overdue_at],
        ).where(ScoreObjection.status == ScoreObjectionStatus.MADE),
        words=_said,
        moves=unmoved,
    ),
)
