"""The HTTP face of verdicts on yearly assessments."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.policies_scoring import ScoreAct
from services.tasks.verdicts import operations, queries
from services.tasks.verdicts.schemas import NewVerdict, VerdictView
from services.tasks.verdicts.tables import Verdict

router = rooms("/tasks/verdicts", "verdicts")


@router.get("", response_model=Page[VerdictView], responses=exports.RESPONSES)
@act(ScoreAct.READ_CARDS)
async def list_verdicts(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.VERDICTS.asked)],
) -> Any:
    """The verdicts on the actor's unit and subtree, newest first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=VerdictView)


@router.post("/on/{ranking_id}", status_code=201, response_model=VerdictView)
@act(ScoreAct.STATE_VERDICT)
async def state(
    ranking_id: UUID, body: NewVerdict, session: Session, by: Actor, now: Now
) -> Verdict:
    """State that a unit failed a year's published assessment: its veto is proposed."""
    return await operations.state(
        session,
        ranking_id=ranking_id,
        unit=body.unit,
        statement=body.statement,
        by=by,
        now=now,
    )
