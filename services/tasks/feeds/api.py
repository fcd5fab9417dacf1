"""The HTTP face of feeds: people make and revoke addresses, calendars read them."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from kernel import exports
from kernel.access import SYSTEM
from kernel.db import unit_of_work
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Runtime, Session, act, public, untransacted
from kernel.web import rooms
from services.tasks.feeds import operations, queries
from services.tasks.feeds.domain_calendar import Language, Shape
from services.tasks.feeds.operations import Wish
from services.tasks.feeds.schemas import FeedView, NewFeedView
from services.tasks.feeds.tables import Feed
from services.tasks.policies_figures import FeedAct

router = rooms("/tasks/feeds", "feeds")

_FILE = "/api/v1/tasks/feeds/calendar.ics"
_SECRET = Query(min_length=1, max_length=100, description="The secret of the address")
_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {}}},
    304: {"description": "Not changed"},
}


@router.post("", status_code=201)
@act(FeedAct.KEEP_FEEDS)
@untransacted  # an answer kept for a repeated request would keep the secret
async def make(request: Request, by: Actor, now: Now) -> NewFeedView:
    """Make a secret address at which the unit's or enterprise's calendars find what is due."""
    runtime: Runtime = request.app.state.runtime
    async with unit_of_work(runtime.database, by) as session:
        feed, secret = await operations.make(session, by=by, now=now)
        view = FeedView.model_validate(feed)
    return NewFeedView(**view.model_dump(), path=f"{_FILE}?secret={secret}")


@router.get("", response_model=Page[FeedView], responses=exports.RESPONSES)
@act(FeedAct.KEEP_FEEDS)
async def list_feeds(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.FEEDS.asked)],
) -> Any:
    """The addresses of the actor's unit or enterprise, newest first; without their secrets."""
    return await exports.answer(request, session, queries.own(by), asked, view=FeedView)


@router.post("/{feed_id}/revoke", response_model=FeedView)
@act(FeedAct.KEEP_FEEDS)
async def revoke(feed_id: UUID, session: Session, by: Actor, now: Now) -> Feed:
    """Close an address for ever."""
    return await operations.revoke(session, feed_id=feed_id, by=by, now=now)


@router.get("/calendar.ics", response_class=Response, responses=_CALENDAR)
@public  # calendars cannot sign in: the secret of the address is the proof
@untransacted
async def read_calendar(
    request: Request,
    now: Now,
    secret: Annotated[str, _SECRET],
    lang: Annotated[Language, Query(description="zh or en")] = Language.ZH,
    shape: Annotated[Shape, Query(description="Events, or to-dos with a DUE")] = Shape.EVENT,
) -> Response:
    """What is due, as an iCalendar file; 404 for a secret that opens nothing."""
    runtime: Runtime = request.app.state.runtime
    await runtime.identify(request)
    async with unit_of_work(runtime.database, SYSTEM) as session:
        feed = await operations.opened(session, secret=secret, now=now)
    wish = Wish(language=lang, shape=shape)
    async with unit_of_work(runtime.database, operations.reader(feed), asks=True) as session:
        body = await operations.file(session, feed=feed, wish=wish, now=now)
    return _answer(request, body)


def _answer(request: Request, body: bytes) -> Response:
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": mark, "Cache-Control": "private, no-cache"}
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if mark in known or f"W/{mark}" in known:
        return Response(status_code=304, headers=headers)
    return Response(
        body,
        media_type="text/calendar; charset=utf-8",
        headers=headers | {"Content-Disposition": 'inline; filename="anlian.ics"'},
    )
