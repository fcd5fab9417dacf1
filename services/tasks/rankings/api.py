"""The HTTP face of rankings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from kernel import exports
from kernel.calendar import Cadence
from kernel.documents import answers
from kernel.documents.answers import FileKind
from kernel.listing import Asked
from kernel.paging import Page
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.indicators.domain import period_of
from services.tasks.organisations.schemas import Day
from services.tasks.policies_scoring import ScoreAct
from services.tasks.rankings import operations, queries, queries_documents
from services.tasks.rankings.domain import NothingPublished
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


@router.get("/bulletin", response_class=Response, responses=answers.responses(*FileKind))
@act(ScoreAct.READ_RANKINGS)
async def bulletin(
    request: Request,
    session: Session,
    now: Now,
    cadence: Cadence,
    day: Annotated[Day, Query(description="Any day of the period")],
    format: Annotated[FileKind | None, Query(description="格式 / pdf, docx or xlsx")] = None,
) -> Response:
    """What is published of every group in a period, as one file.

    The format is that of `format`, else of `Accept`; the language that of `Accept-Language`.
    """
    period = period_of(day, cadence)
    rankings = await queries_documents.published(session, period)
    if not rankings:
        raise NothingPublished
    name = f"bulletin-{cadence}-{period.first.isoformat()}"
    return await _file(request, session, rankings, now, format, name)


@router.get(
    "/{ranking_id}/document",
    response_class=Response,
    responses=answers.responses(*FileKind),
)
@act(ScoreAct.READ_RANKINGS)
async def document(
    ranking_id: UUID,
    request: Request,
    session: Session,
    by: Actor,
    now: Now,
    format: Annotated[FileKind | None, Query(description="格式 / pdf, docx or xlsx")] = None,
) -> Response:
    """A ranking as a file, as it was frozen; a draft says that it is one."""
    ranking = await queries.seen(session, ranking_id, by=by)
    name = f"ranking-{ranking.group_code}-{ranking.cadence}-{ranking.first.isoformat()}"
    return await _file(request, session, [ranking], now, format, name)


async def _file(
    request: Request,
    session: AsyncSession,
    rankings: Sequence[Ranking],
    now: datetime,
    format: FileKind | None,
    name: str,
) -> Response:
    chinese = wants_chinese(request.headers.get("accept-language"))
    made = await queries_documents.of_rankings(session, rankings, chinese=chinese, now=now)
    at = max(one.published_at or one.drafted_at for one in rankings)
    kind = format or answers.wanted(request, tuple(FileKind))
    return await answers.answer(
        request, lambda: answers.render(made, kind, at=at), kind=kind, name=name
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
