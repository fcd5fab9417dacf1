"""Routes of the inbox."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query

from kernel.access import NotYours, Relation
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.notifications.inbox import operations, queries
from services.notifications.inbox.schemas import MessagePage, MessageView
from services.notifications.policies import POLICIES, Act

router = rooms("/notifications/messages", "messages")

Language = Annotated[str | None, Header(alias="Accept-Language", description="zh-CN or en.")]


@router.get("", summary="List the inbox")
@act(Act.READ_MESSAGES)
async def list_messages(
    session: Session,
    by: Actor,
    language: Language = None,
    below: Annotated[bool, Query(description="Also the inboxes below the actor.")] = False,
    unread: Annotated[bool, Query(description="Only those nobody opened.")] = False,
    unacknowledged: Annotated[bool, Query(description="Only alarms without an answer.")] = False,
    cursor: Annotated[UUID | None, Query(description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
) -> MessagePage:
    """Messages to the actor's post, unit or enterprise, newest first."""
    if below and Relation.SUBTREE not in POLICIES.granted(by, Act.READ_MESSAGES):
        raise NotYours
    rows = await queries.page(
        session,
        by=by,
        below=below,
        unread=unread,
        unacknowledged=unacknowledged,
        cursor=cursor,
        limit=limit,
    )
    chinese = wants_chinese(language)
    return MessagePage(
        items=[MessageView.of(row, chinese=chinese) for row in rows],
        next_cursor=rows[-1].delivery_id if len(rows) == limit else None,
    )


@router.get("/{message_id}", summary="Open a message")
@act(Act.READ_MESSAGES)
async def open_message(
    session: Session, by: Actor, now: Now, message_id: UUID, language: Language = None
) -> MessageView:
    """One message; its addressee's first reading is kept."""
    row = await operations.read(session, message_id=message_id, by=by, now=now)
    return MessageView.of(row, chinese=wants_chinese(language))


@router.post("/{message_id}/acknowledge", summary="Acknowledge a message")
@act(Act.ACKNOWLEDGE)
async def acknowledge_message(
    session: Session, by: Actor, now: Now, message_id: UUID, language: Language = None
) -> MessageView:
    """Answer for the recipient. Repeating it changes nothing."""
    row = await operations.acknowledge(session, message_id=message_id, by=by, now=now)
    return MessageView.of(row, chinese=wants_chinese(language))
