"""The HTTP face of objections to scores."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.appeals import operations, queries
from services.tasks.appeals.domain import AppealAction
from services.tasks.appeals.operations import Figures
from services.tasks.appeals.schemas import AppealView, Dismissal, NewAppeal, Upholding
from services.tasks.appeals.tables import Appeal
from services.tasks.policies_scoring import ScoreAct

router = rooms("/tasks/score-objections", "score-objections")


@router.get("", response_model=Page[AppealView], responses=exports.RESPONSES)
@act(ScoreAct.READ_SCORES)
async def list_appeals(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.APPEALS.asked)],
) -> Any:
    """The objections of the actor's unit and subtree, newest first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=AppealView)


@router.post("/to/{ranking_id}", status_code=201, response_model=AppealView)
@act(ScoreAct.OBJECT_TO_SCORE)
async def make(ranking_id: UUID, body: NewAppeal, session: Session, by: Actor, now: Now) -> Appeal:
    """Object to one's place in a published ranking, or to a line that made it."""
    return await operations.make(
        session, ranking_id=ranking_id, line_id=body.line_id, grounds=body.grounds, by=by, now=now
    )


@router.post("/{appeal_id}/uphold", response_model=AppealView)
@act(ScoreAct.RULE_ON_SCORE)
async def uphold(appeal_id: UUID, body: Upholding, session: Session, by: Actor, now: Now) -> Appeal:
    """The unit is right: the line is reversed, and a further version is drafted."""
    figures = None
    if body.numerator is not None and body.denominator is not None:
        figures = Figures(numerator=body.numerator, denominator=body.denominator)
    return await operations.rule(
        session,
        appeal_id=appeal_id,
        action=AppealAction.UPHOLD,
        figures=figures,
        ruling=body.ruling,
        by=by,
        now=now,
    )


@router.post("/{appeal_id}/dismiss", response_model=AppealView)
@act(ScoreAct.RULE_ON_SCORE)
async def dismiss(
    appeal_id: UUID, body: Dismissal, session: Session, by: Actor, now: Now
) -> Appeal:
    """The unit is not right."""
    return await operations.rule(
        session,
        appeal_id=appeal_id,
        action=AppealAction.DISMISS,
        figures=None,
        ruling=body.ruling,
        by=by,
        now=now,
    )
