"""Routes for administrators: what was sent to an endpoint, and sending it again."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from services.notifications.calls import operations, queries
from services.notifications.calls.schemas import CallPage, CallView, Replayed, Replaying
from services.notifications.endpoints import queries as endpoints
from services.notifications.policies import POLICIES, Act

router = rooms("/notifications/endpoints/{endpoint_id}", "endpoints")

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]


@router.get("/deliveries", summary="List what was sent to a subscribed system")
@act(Act.READ_ENDPOINTS)
async def list_deliveries(
    session: Session,
    by: Actor,
    endpoint_id: UUID,
    cursor: Annotated[int | None, Query(description="`next_cursor` of the page before.")] = None,
    limit: Limit = 50,
) -> CallPage:
    """Every event for the endpoint and what became of it, newest first."""
    endpoint = await endpoints.get(session, endpoint_id)
    POLICIES.require(by, Act.READ_ENDPOINTS, on=endpoint, seen_by=Act.READ_ENDPOINTS)
    calls = await queries.of_endpoint(session, endpoint_id=endpoint_id, cursor=cursor, limit=limit)
    return CallPage(
        items=[CallView.model_validate(call) for call in calls],
        next_cursor=calls[-1].position if len(calls) == limit else None,
    )


@router.post("/replay", summary="Send events to a subscribed system again")
@act(Act.MANAGE_ENDPOINTS)
async def replay_endpoint(
    session: Session, by: Actor, endpoint_id: UUID, wanted: Replaying
) -> Replayed:
    """Queue every event told since an instant once more; receivers know repeats by their id."""
    queued = await operations.replay(session, endpoint_id=endpoint_id, since=wanted.since, by=by)
    return Replayed(queued=queued)
