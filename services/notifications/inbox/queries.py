"""Questions about inboxes."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager, joinedload

from kernel.access import NotFound, Principal
from services.notifications import policies
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery

_IN_INBOX = (Delivery.channel == Channel.INBOX, Delivery.status == Status.DELIVERED)


def _mine(by: Principal) -> ColumnElement[bool]:
    """What is addressed to the actor: to the enterprise, to the post, or to the whole unit.

    An account without a unit has no inbox: what names no unit is sent to enterprises.
    """
    if by.uscc is not None:
        return Delivery.enterprise_uscc == by.uscc
    if by.unit is None:
        return false()
    mine = Delivery.unit == by.unit
    if by.post is None:
        return mine
    return mine & or_(Delivery.post.is_(None), Delivery.post == policies.post_of(by))


async def get(session: AsyncSession, message_id: UUID, *, lock: bool = False) -> Delivery:
    """One inbox row, or NotFound."""
    query = (
        select(Delivery)
        .options(joinedload(Delivery.message, innerjoin=True))
        .where(Delivery.delivery_id == message_id, *_IN_INBOX)
    )
    if lock:
        query = query.with_for_update(of=Delivery)
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(
    session: AsyncSession,
    *,
    by: Principal,
    below: bool,
    unread: bool,
    unacknowledged: bool,
    cursor: UUID | None,
    limit: int,
) -> Sequence[Delivery]:
    """The actor's inbox, newest first; with `below`, the inboxes of its whole region."""
    query = (
        select(Delivery)
        .join(Delivery.message)
        .options(contains_eager(Delivery.message))
        .where(*_IN_INBOX)
        .order_by(Delivery.delivery_id.desc())
        .limit(limit)
    )
    if below:
        query = query.where(Delivery.region_code.startswith(by.region or "", autoescape=True))
    else:
        query = query.where(_mine(by))
    if unread:
        query = query.where(Delivery.read_at.is_(None))
    if unacknowledged:
        query = query.where(Delivery.acknowledged_at.is_(None), Delivery.alarm_id.is_not(None))
    if cursor is not None:
        query = query.where(Delivery.delivery_id < cursor)
    return (await session.scalars(query)).all()


async def arrived(
    session: AsyncSession, *, by: Principal, after: UUID, seen: Collection[UUID], limit: int
) -> Sequence[Delivery]:
    """What came into the actor's inbox after an id, except what was seen, oldest first."""
    query = (
        select(Delivery)
        .join(Delivery.message)
        .options(contains_eager(Delivery.message))
        .where(*_IN_INBOX, _mine(by), Delivery.delivery_id > after)
        .order_by(Delivery.delivery_id)
        .limit(limit)
    )
    if seen:
        query = query.where(Delivery.delivery_id.not_in(seen))
    return (await session.scalars(query)).all()
