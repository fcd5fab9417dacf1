"""The HTTP face of visits. Translates; decides nothing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.inspections.policies import POLICIES, Act
from services.inspections.visits import operations, queries
from services.inspections.visits.domain import Action
from services.inspections.visits.schemas import ClosingBody, VisitView

router = rooms("/inspections/visits", "visits")


@router.get("", response_model=Page[VisitView], responses=exports.RESPONSES)
@act(Act.READ_VISITS)
async def list_visits(
    request: Request,
    session: Session,
    actor: Actor,
    asked: Annotated[Asked, Depends(queries.VISITS.asked)],
) -> Any:
    """The visits of the actor's unit and subtree, by what is due first."""
    return await exports.answer(request, session, queries.reached_by(actor), asked, view=VisitView)


@router.get("/{visit_id}")
@act(Act.READ_VISITS)
async def read_visit(visit_id: UUID, session: Session, actor: Actor) -> VisitView:
    """One visit; an enterprise sees those made to it."""
    row = await queries.get(session, visit_id)
    POLICIES.require(actor, Act.READ_VISITS, on=row, seen_by=Act.READ_VISITS)
    return VisitView.model_validate(row)


@router.post("/{visit_id}/complete")
@act(Act.COMPLETE_VISIT)
async def complete(
    visit_id: UUID, body: ClosingBody, session: Session, actor: Actor, now: Now
) -> VisitView:
    """Close a visit that was made, with its result."""
    row = await operations.close(
        session, visit_id=visit_id, action=Action.COMPLETE, result=body.result, by=actor, now=now
    )
    return VisitView.model_validate(row)


@router.post("/{visit_id}/cancel")
@act(Act.CANCEL_VISIT)
async def cancel(
    visit_id: UUID, body: ClosingBody, session: Session, actor: Actor, now: Now
) -> VisitView:
    """Call a visit off, with the reason."""
    row = await operations.close(
        session, visit_id=visit_id, action=Action.CANCEL, result=body.result, by=actor, now=now
    )
    return VisitView.model_validate(row)
