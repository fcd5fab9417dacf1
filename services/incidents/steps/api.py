"""The HTTP face of steps of investigations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.policies import Act
from services.incidents.steps import operations, queries
from services.incidents.steps.schemas import NewStep, Reassignment, Result, StepView
from services.incidents.steps.tables import Step

router = rooms("/incidents/steps", "steps")


@router.get("", response_model=Page[StepView], responses=exports.RESPONSES)
@act(Act.READ_TEAM)
async def list_steps(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.STEPS.asked)],
) -> Any:
    """Steps of investigations in the actor's area, soonest due first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=StepView)


@router.post("", status_code=201, response_model=StepView)
@act(Act.WORK_ON_TEAM)
async def give(body: NewStep, session: Session, by: Actor, now: Now) -> Step:
    """Give a member of the team something to do; the lead does."""
    return await operations.give(session, new=body, by=by, now=now)


@router.post("/{step_id}/reassign", response_model=StepView)
@act(Act.WORK_ON_TEAM)
async def reassign(
    step_id: UUID, body: Reassignment, session: Session, by: Actor, now: Now
) -> Step:
    """Give a step to another member."""
    return await operations.reassign(
        session, step_id=step_id, member_id=body.member_id, due_at=body.due_at, by=by, now=now
    )


@router.post("/{step_id}/finish", response_model=StepView)
@act(Act.WORK_ON_TEAM)
async def finish(step_id: UUID, body: Result, session: Session, by: Actor, now: Now) -> Step:
    """Say what came of one's own step."""
    return await operations.finish(session, step_id=step_id, note=body.note, by=by, now=now)


@router.post("/{step_id}/drop", response_model=StepView)
@act(Act.WORK_ON_TEAM)
async def drop(step_id: UUID, body: Result, session: Session, by: Actor, now: Now) -> Step:
    """Drop a step that is not needed; the lead does."""
    return await operations.drop(session, step_id=step_id, note=body.note, by=by, now=now)
