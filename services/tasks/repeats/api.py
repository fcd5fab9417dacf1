"""The HTTP face of repeats."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.tasks.policies_orders import OrderAct
from services.tasks.repeats import operations, queries
from services.tasks.repeats.schemas import RepeatBody, RepeatView
from services.tasks.repeats.tables import OrderRepeat

router = rooms("/tasks/repeats", "repeats")


@router.get("", response_model=Page[RepeatView], responses=exports.RESPONSES)
@act(OrderAct.MERGE_ORDERS)
async def list_repeats(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.REPEATS.asked)],
) -> Any:
    """Orders of the actor's area that look like one matter, the newest first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=RepeatView)


@router.post("/{repeat_id}/merge", response_model=RepeatView)
@act(OrderAct.MERGE_ORDERS)
async def merge(
    repeat_id: UUID, body: RepeatBody, session: Session, by: Actor, now: Now
) -> OrderRepeat:
    """Let the later order go on as the earlier one."""
    return await operations.merge(session, repeat_id=repeat_id, why=body.why, by=by, now=now)


@router.post("/{repeat_id}/keep-apart", response_model=RepeatView)
@act(OrderAct.MERGE_ORDERS)
async def keep_apart(
    repeat_id: UUID, body: RepeatBody, session: Session, by: Actor, now: Now
) -> OrderRepeat:
    """Say that they are two matters."""
    return await operations.keep_apart(session, repeat_id=repeat_id, why=body.why, by=by, now=now)
