"""The route of live updates."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from kernel.access import Principal
from kernel.db import Database
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, act, untransacted
from kernel.web import rooms
from services.notifications.inbox.schemas import MessageView
from services.notifications.policies import Act
from services.notifications.stream import operations

router = rooms("/notifications/stream", "messages")

PING_S = 15


@router.get("", summary="Follow the inbox", response_class=EventSourceResponse, response_model=None)
@act(Act.FOLLOW)
@untransacted
async def follow_inbox(
    request: Request,
    by: Actor,
    language: Annotated[str | None, Header(alias="Accept-Language")] = None,
    last: Annotated[
        UUID | None, Header(alias="Last-Event-ID", description="The last message seen.")
    ] = None,
) -> EventSourceResponse:
    """Server-sent events named `message`: new messages of the actor, with their id."""
    operations.PLACES.require_one(by.subject)
    database: Database = request.app.state.runtime.database
    events = _events(database, by, last, chinese=wants_chinese(language))
    return EventSourceResponse(events, ping=PING_S)


async def _events(
    database: Database, by: Principal, last: UUID | None, *, chinese: bool
) -> AsyncIterator[ServerSentEvent]:
    async for row in operations.follow(database, by=by, last=last):
        view = MessageView.of(row, chinese=chinese)
        yield ServerSentEvent(id=str(row.delivery_id), event="message", data=view.model_dump_json())
