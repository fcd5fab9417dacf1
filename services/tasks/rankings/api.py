"""The HTTP face of rankings."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.indicators.domain import period_of
from services.tasks.policies_scoring import ScoreAct
from services.tasks.rankings import operations, queries
from services.tasks.rankings.schemas import (
    NewRanking,
    RankingDetail,
    RankingRowView,
    RankingView,
)
from services.tasks.rankings.tables import Ranking

router = rooms("/tasks/rankings", "rankings")


@router.get("", response_model=Page[RankingView], responses=exports.RESPONSES)
@act(ScoreAct.READ_RANKINGS)
async def list_rankings(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.RANKINGS.asked)],
) -> Any:
    """What was published, and drafts where the actor may see them, newest period first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=RankingView)


@router.post("", status_code=201, response_model=RankingView)
@act(ScoreAct.DRAFT_RANKING)
async def draft(body: NewRanking, session: Session, by: Actor, now: Now) -> Ranking:
    """Freeze how a group stands into a draft; of what is published it is a correction."""
    return await operations.draft(
        session,
        group=body.group,
        period=period_of(body.day, body.cadence),
        reason=body.reason,
        by=by,
        now=now,
    )


@router.get("/{ranking_id}", response_model=RankingDetail)
@act(ScoreAct.READ_RANKINGS)
async def read(ranking_id: UUID, session: Session, by: Actor) -> RankingDetail:
    """A ranking with its rows, as it was frozen."""
    ranking = await queries.seen(session, ranking_id, by=by)
    rows = await queries.rows(session, ranking_id)
    shown = RankingView.model_validate(ranking).model_dump()
    return RankingDetail(**shown, rows=[RankingRowView.model_validate(row) for row in rows])


@router.post("/{ranking_id}/publish", response_model=RankingView)
@act(ScoreAct.PUBLISH_RANKING)
async def publish(ranking_id: UUID, session: Session, by: Actor, now: Now) -> Ranking:
    """Publish a draft with the next number; it supersedes the version before."""
    return await operations.publish_ranking(session, ranking_id=ranking_id, by=by, now=now)


@router.post("/{ranking_id}/discard", response_model=RankingView)
@act(ScoreAct.DRAFT_RANKING)
async def discard(ranking_id: UUID, session: Session, by: Actor) -> Ranking:
    """Give a draft up."""
    return await operations.discard(session, ranking_id=ranking_id, by=by)
