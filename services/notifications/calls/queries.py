"""Questions about calls."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, all_, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, contains_eager

from services.notifications.calls.domain import CallStatus
from services.notifications.calls.tables import Call
from services.notifications.endpoints.domain import EndpointStatus
from services.notifications.endpoints.tables import Endpoint

_EARLIER = aliased(Call)
_BLOCKED = exists().where(
    _EARLIER.endpoint_id == Call.endpoint_id,
    _EARLIER.aggregate_id == Call.aggregate_id,
    _EARLIER.status == CallStatus.QUEUED,
    _EARLIER.position < Call.position,
)
_NEXT_DUE = (
    select(Call)
    .join(Call.endpoint)
    .options(contains_eager(Call.endpoint))
    .where(
        Call.status == CallStatus.QUEUED,
        or_(
            Call.attempt_at.is_(None),
            Call.attempt_at <= bindparam("now", type_=DateTime(timezone=True)),
        ),
        Endpoint.status == EndpointStatus.ENABLED,
        Call.endpoint_id != all_(bindparam("busy", type_=ARRAY(Uuid))),
        ~_BLOCKED,
    )
    .order_by(Call.position)
    .limit(1)
    .with_for_update(of=Call, skip_locked=True)
)


async def next_due(
    session: AsyncSession, *, now: datetime, busy: Collection[UUID] = ()
) -> Call | None:
    """The oldest call to make now, locked; endpoints in `busy` are left alone.

    A call waits until every earlier one of its accident has succeeded or was given up.
    """
    values = {"now": now, "busy": list(busy)}
    return (await session.scalars(_NEXT_DUE, values)).one_or_none()


async def of_endpoint(
    session: AsyncSession, *, endpoint_id: UUID, cursor: int | None, limit: int
) -> Sequence[Call]:
    """An endpoint's calls, newest first, older than the cursor's."""
    query = select(Call).where(Call.endpoint_id == endpoint_id)
    if cursor is not None:
        query = query.where(Call.position < cursor)
    return (await session.scalars(query.order_by(Call.position.desc()).limit(limit))).all()
