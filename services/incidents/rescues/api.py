"""The HTTP face of rescues."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.policies import POLICIES, Act
from services.incidents.rescues import operations, queries
from services.incidents.rescues.schemas import DayView, Reason, RescueView, StepView
from services.incidents.rescues.tables import FollowUpDay, Rescue

router = rooms("/incidents/rescues", "rescues")

MOST = 200


@router.get("/days", response_model=list[DayView])
@act(Act.READ)
async def days_owed(
    session: Session,
    by: Actor,
    mine: Annotated[bool, Query(description="Only those my desk answers for.")] = False,
) -> Sequence[FollowUpDay]:
    """Days that still need a follow-up, soonest due first."""
    found = await queries.owed(session, unit=(by.unit or "") if mine else None, limit=MOST)
    return [day for day in found if POLICIES.allows(by, Act.READ, day)]


@router.get("/{accident_id}")
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor) -> RescueView:
    """The rescue after an accident, day by day."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    return await _view(session, await queries.get(session, accident_id))


@router.post("/{accident_id}/end")
@act(Act.END_RESCUE)
async def end(accident_id: UUID, body: Reason, session: Session, by: Actor, now: Now) -> RescueView:
    """Say that the rescue has ended: no further follow-ups are owed."""
    rescue = await operations.end(
        session, accident_id=accident_id, reason=body.reason, by=by, now=now
    )
    return await _view(session, rescue)


@router.post("/{accident_id}/resume")
@act(Act.END_RESCUE)
async def resume(
    accident_id: UUID, body: Reason, session: Session, by: Actor, now: Now
) -> RescueView:
    """Say that the rescue goes on after all."""
    rescue = await operations.resume(
        session, accident_id=accident_id, reason=body.reason, by=by, now=now
    )
    return await _view(session, rescue)


async def _view(session: AsyncSession, rescue: Rescue) -> RescueView:
    await session.flush()
    steps = await queries.steps(session, rescue.accident_id)
    days = await queries.days(session, rescue.accident_id)
    return RescueView(
        accident_id=rescue.accident_id,
        status=rescue.stands,
        unit=rescue.unit,
        began_at=rescue.began_at,
        ended_at=rescue.ended_at,
        steps=[StepView.model_validate(step) for step in steps],
        days=[DayView.model_validate(day) for day in days],
    )
