"""Queues calls with the event that causes them, settles attempts, and replays."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Text, any_, bindparam, select, update
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identifiers import contains, prefix
from contracts.incidents import AccidentFact
from kernel import at_commit, audit
from kernel.access import Principal
from kernel.ids import uuid7
from services.notifications import policies
from services.notifications.arrivals.domain import ARRIVALS, WEBHOOK
from services.notifications.calls import domain_sending as sending
from services.notifications.calls.domain import CallStatus, Outcome, Reason
from services.notifications.calls.tables import Call
from services.notifications.endpoints import queries as endpoints
from services.notifications.endpoints.domain import EndpointStatus
from services.notifications.endpoints.tables import Endpoint
from services.notifications.policies import Act

_SUBSCRIBED = select(Endpoint.endpoint_id, Endpoint.region_code, Endpoint.status).where(
    bindparam("subject", type_=Text) == any_(Endpoint.subjects)
)


async def queue(session: AsyncSession, *, event: AccidentFact) -> None:
    """One call for each endpoint that subscribed to the event in its place.

    A disabled endpoint gets its row too, so that a replay can bring what it missed.
    """
    subscribed = await session.execute(_SUBSCRIBED, {"subject": event.subject})
    body = orjson.dumps(sending.cloud_event(event)).decode()
    rows = [
        _row(event, endpoint_id, region_code, status, body)
        for endpoint_id, region_code, status in subscribed
        if contains(prefix(region_code), event.region_code)
    ]
    for row in rows:
        at_commit.insert(session, Call, row, once=True)
    if rows:
        ring_after_commit(session)


def _row(
    event: AccidentFact, endpoint_id: UUID, region_code: str, status: str, body: str
) -> dict[str, Any]:
    enabled = status == EndpointStatus.ENABLED
    return {
        "call_id": uuid7(),
        "endpoint_id": endpoint_id,
        "event_id": event.event_id,
        "subject": event.subject,
        "aggregate_id": event.aggregate_id,
        "region_code": region_code,
        "body": body,
        "told_at": event.occurred_at,
        "status": CallStatus.QUEUED if enabled else CallStatus.SKIPPED,
        "reason": None if enabled else Reason.DISABLED,
    }


def ring_after_commit(session: AsyncSession) -> None:
    """Wake this process's callers once the rows can be seen."""

    def ring(_: Any) -> None:
        ARRIVALS.ring([WEBHOOK])

    sqlalchemy_event.listen(session.sync_session, "after_commit", ring, once=True)


async def settle(session: AsyncSession, *, call: Call, outcome: Outcome, now: datetime) -> None:
    """Write down what came of an attempt; `now` is the machine's instant."""
    call.attempts += 1
    call.last_status = outcome.status
    call.reason = _reason(outcome)
    if outcome.succeeded:
        _close(call, CallStatus.SUCCEEDED, now)
        return
    if outcome.gone:
        await _disable(session, call.endpoint_id)
    wait = sending.retry_after(call.attempts)
    if outcome.gone or wait is None:
        _close(call, CallStatus.GIVEN_UP, now)
    else:
        call.attempt_at = now + wait


def _reason(outcome: Outcome) -> str | None:
    if outcome.succeeded:
        return None
    if outcome.gone:
        return Reason.GONE
    return outcome.reason or Reason.NOT_2XX


def _close(call: Call, status: CallStatus, now: datetime) -> None:
    call.status = status
    call.settled_at = now
    call.attempt_at = None


async def _disable(session: AsyncSession, endpoint_id: UUID) -> None:
    """The receiver said that it is gone: nothing is sent until an administrator subscribes it."""
    gone = update(Endpoint).where(Endpoint.endpoint_id == endpoint_id)
    await session.execute(
        gone.values(status=EndpointStatus.DISABLED, disabled_reason=str(Reason.GONE))
    )


async def replay(
    session: AsyncSession, *, endpoint_id: UUID, since: datetime, by: Principal
) -> int:
    """Queue every event told since an instant once more, in order; how many."""
    endpoint = await endpoints.get(session, endpoint_id, lock=True)
    policies.POLICIES.require(by, Act.MANAGE_ENDPOINTS, on=endpoint, seen_by=Act.READ_ENDPOINTS)
    again = (
        update(Call)
        .where(
            Call.endpoint_id == endpoint_id,
            Call.told_at >= since,
            Call.status != CallStatus.QUEUED,
        )
        .values(status=CallStatus.QUEUED, reason=None, attempts=0, attempt_at=None, settled_at=None)
    )
    queued = len((await session.scalars(again.returning(Call.call_id))).all())
    audit.note(
        session,
        by=by,
        act=Act.MANAGE_ENDPOINTS,
        entity="endpoint",
        entity_id=endpoint_id,
        detail={"replayed_since": since.isoformat(), "queued": queued},
    )
    ring_after_commit(session)
    return queued
