"""The HTTP face of appeals. Translates; decides nothing."""

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
from services.tasks.appeals.schemas import AppealView, MoveBody, NewAppeal, Remark
from services.tasks.appeals.tables import Appeal
from services.tasks.policies import Act

router = rooms("/tasks/appeals", "appeals")


@router.post("/for/{obligation_id}", status_code=201, response_model=AppealView)
@act(Act.APPEAL)
async def make(
    obligation_id: UUID, body: NewAppeal, session: Session, by: Actor, now: Now
) -> Appeal:
    """Object to an obligation before it is due. Its clock stands until it is decided."""
    return await operations.make(
        session, obligation_id=obligation_id, ground=body.ground, why=body.why, by=by, now=now
    )


@router.post("/for-part/{part_id}", status_code=201, response_model=AppealView)
@act(Act.APPEAL)
async def make_for_part(
    part_id: UUID, body: NewAppeal, session: Session, by: Actor, now: Now
) -> Appeal:
    """Object to one's own part of an obligation before it is due. Only its clock stands."""
    return await operations.make_for_part(
        session, part_id=part_id, ground=body.ground, why=body.why, by=by, now=now
    )


@router.get("", response_model=Page[AppealView], responses=exports.RESPONSES)
@act(Act.READ_OBLIGATIONS)
async def list_appeals(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.APPEALS.asked)],
) -> Any:
    """Appeals of the actor's unit or area, newest first; as CSV or XLSX by `Accept`."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=AppealView)


@router.post("/{appeal_id}/excuse", response_model=AppealView)
@act(Act.DECIDE_APPEAL)
async def excuse(appeal_id: UUID, body: Remark, session: Session, by: Actor, now: Now) -> Appeal:
    """It is not the subject's, or cannot be met: nobody owes the obligation, or the part."""
    return await operations.decide(
        session,
        appeal_id=appeal_id,
        action=AppealAction.EXCUSE,
        remark=body.remark,
        by=by,
        now=now,
    )


@router.post("/{appeal_id}/move", response_model=AppealView)
@act(Act.DECIDE_APPEAL)
async def move(appeal_id: UUID, body: MoveBody, session: Session, by: Actor, now: Now) -> Appeal:
    """The deadline was wrong: it is a later one."""
    return await operations.decide(
        session,
        appeal_id=appeal_id,
        action=AppealAction.MOVE,
        remark=body.remark,
        due_at=body.due_at,
        by=by,
        now=now,
    )


@router.post("/{appeal_id}/refuse", response_model=AppealView)
@act(Act.DECIDE_APPEAL)
async def refuse(appeal_id: UUID, body: Remark, session: Session, by: Actor, now: Now) -> Appeal:
    """The obligation, or the part, stands, and its clock goes on."""
    return await operations.decide(
        session,
        appeal_id=appeal_id,
        action=AppealAction.REFUSE,
        remark=body.remark,
        by=by,
        now=now,
    )
