"""The HTTP face of objections to scores."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.policies_scoring import ScoreAct
from services.tasks.scoreobjections import operations, queries
from services.tasks.scoreobjections.domain import ScoreObjectionAction
from services.tasks.scoreobjections.operations import Figures
from services.tasks.scoreobjections.schemas import (
    Dismissal,
    NewScoreObjection,
    ScoreObjectionView,
    Upholding,
)
from services.tasks.scoreobjections.tables import ScoreObjection

router = rooms("/tasks/score-objections", "score-objections")


@router.get("", response_model=Page[ScoreObjectionView], responses=exports.RESPONSES)
@act(ScoreAct.READ_SCORES)
async def list_objections(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.APPEALS.asked)],
) -> Any:
    """The objections of the actor's unit and subtree, newest first."""
    return await exports.answer(
        request, session, queries.reached_by(by), asked, view=ScoreObjectionView
    )


@router.post("/to/{ranking_id}", status_code=201, response_model=ScoreObjectionView)
@act(ScoreAct.OBJECT_TO_SCORE)
async def make(
    ranking_id: UUID, body: NewScoreObjection, session: Session, by: Actor, now: Now
) -> ScoreObjection:
    """Object to one's place in a published ranking, or to a line that made it."""
    return await operations.make(
        session, ranking_id=ranking_id, line_id=body.line_id, grounds=body.grounds, by=by, now=now
    )


@router.post("/{objection_id}/uphold", response_model=ScoreObjectionView)
@act(ScoreAct.RULE_ON_SCORE)
async def uphold(
    objection_id: UUID, body: Upholding, session: Session, by: Actor, now: Now
) -> ScoreObjection:
    """The unit is right: the line is reversed, and a further version is drafted."""
    figures = None
    if body.numerator is not None and body.denominator is not None:
        figures = Figures(numerator=body.numerator, denominator=body.denominator)
    return await operations.rule(
        session,
        objection_id=objection_id,
        action=ScoreObjectionAction.UPHOLD,
        figures=figures,
        ruling=body.ruling,
        by=by,
        now=now,
    )


@router.post("/{objection_id}/dismiss", response_model=ScoreObjectionView)
@act(ScoreAct.RULE_ON_SCORE)
async def dismiss(
    objection_id: UUID, body: Dismissal, session: Session, by: Actor, now: Now
) -> ScoreObjection:
    """The unit is not right."""
    return await operations.rule(
        session,
        objection_id=objection_id,
        action=ScoreObjectionAction.DISMISS,
        figures=None,
        ruling=body.ruling,
        by=by,
        now=now,
    )
