"""Routes for administrators of subscriptions."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.notifications.endpoints import operations, queries
from services.notifications.endpoints.domain import Guard, Subscription
from services.notifications.endpoints.schemas import (
    Disabling,
    EndpointMade,
    EndpointView,
    NewEndpoint,
)
from services.notifications.policies import POLICIES, Act

router = rooms("/notifications/endpoints", "endpoints")


async def _guard(request: Request) -> Guard:
    guard: Guard = request.app.state.guard
    return guard


@router.post("", status_code=201, summary="Subscribe an outside system")
@act(Act.MANAGE_ENDPOINTS)
async def create_endpoint(
    session: Session,
    by: Actor,
    now: Now,
    guard: Annotated[Guard, Depends(_guard)],
    wanted: NewEndpoint,
) -> EndpointMade:
    """Make a subscription. The secret in the answer is shown this once."""
    subscription = Subscription(**wanted.model_dump(mode="json"))
    endpoint = await operations.create(session, wanted=subscription, guard=guard, by=by, now=now)
    return EndpointMade.model_validate(endpoint)


@router.get("", summary="List the subscriptions")
@act(Act.READ_ENDPOINTS)
async def list_endpoints(session: Session, by: Actor) -> list[EndpointView]:
    """Every subscription in the actor's reach, without secrets."""
    endpoints = await queries.all_of(session)
    return [
        EndpointView.model_validate(endpoint)
        for endpoint in endpoints
        if POLICIES.allows(by, Act.READ_ENDPOINTS, endpoint)
    ]


@router.post("/{endpoint_id}/disable", summary="Stop calling a subscribed system")
@act(Act.MANAGE_ENDPOINTS)
async def disable_endpoint(
    session: Session, by: Actor, endpoint_id: UUID, wanted: Disabling
) -> EndpointView:
    """Switch a subscription off, with the reason."""
    endpoint = await operations.disable(
        session, endpoint_id=endpoint_id, reason=wanted.reason, by=by
    )
    return EndpointView.model_validate(endpoint)


@router.post("/{endpoint_id}/enable", summary="Call a subscribed system again")
@act(Act.MANAGE_ENDPOINTS)
async def enable_endpoint(session: Session, by: Actor, endpoint_id: UUID) -> EndpointView:
    """Switch a subscription on again, beginning with what is queued."""
    endpoint = await operations.enable(session, endpoint_id=endpoint_id, by=by)
    return EndpointView.model_validate(endpoint)
