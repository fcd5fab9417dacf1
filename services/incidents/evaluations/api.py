"""The HTTP face of evaluations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import calendar, exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.problems import FieldFault, InvalidPayload
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.evaluations import operations, queries
from services.incidents.evaluations.schemas import Conclusion, EvaluationView, Publication
from services.incidents.evaluations.tables import Evaluation
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/evaluations", "evaluations")


@router.get("", response_model=Page[EvaluationView], responses=exports.RESPONSES)
@act(Act.READ)
async def list_evaluations(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.EVALUATIONS.asked)],
) -> Any:
    """Evaluations in the actor's area, soonest due first."""
    return await exports.answer(
        request, session, queries.reached_by(by), asked, view=EvaluationView
    )


@router.get("/{evaluation_id}", response_model=EvaluationView)
@act(Act.READ)
async def read(evaluation_id: UUID, session: Session, by: Actor) -> Evaluation:
    """One evaluation as it stands."""
    evaluation = await queries.get(session, evaluation_id)
    POLICIES.require(by, Act.READ, on=evaluation, seen_by=Act.READ)
    return evaluation


@router.post("/{evaluation_id}/conclude", response_model=EvaluationView)
@act(Act.EVALUATE)
async def conclude(
    evaluation_id: UUID, body: Conclusion, session: Session, by: Actor, now: Now
) -> Evaluation:
    """State how far the recommendations were carried out."""
    return await operations.conclude(
        session, evaluation_id=evaluation_id, conclusion=body, by=by, now=now
    )


@router.post("/{evaluation_id}/publication", response_model=EvaluationView)
@act(Act.EVALUATE)
async def publish_result(
    evaluation_id: UUID, body: Publication, session: Session, by: Actor, now: Now
) -> Evaluation:
    """Record that the result was published."""
    if body.published_on > calendar.day_of(now):
        zh, en = "不得晚于今天", "expected a day that is not in the future"
        raise InvalidPayload(
            FieldFault(pointer="/published_on", code="in_the_future", zh=zh, en=en)
        )
    return await operations.publish_result(
        session, evaluation_id=evaluation_id, publication=body, by=by, now=now
    )
