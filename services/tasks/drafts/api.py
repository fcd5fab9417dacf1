"""The HTTP face of drafts of plans. A file is the body itself; its year stands in the query."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from kernel import exports, files, mediatypes
from kernel.access import Principal
from kernel.db import unit_of_work
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Runtime, Session, act, untransacted
from kernel.web import rooms
from services.tasks.drafts import (
    operations,
    operations_checks,
    operations_intake,
    operations_issue,
    queries,
)
from services.tasks.drafts.domain_source import MOST_BYTES
from services.tasks.drafts.schemas import (
    ArticleView,
    ChangeView,
    DraftDetail,
    DraftView,
    DutyView,
    FlagView,
    IssuedView,
    NewDraft,
    Reason,
    Titled,
    Year,
)
from services.tasks.drafts.tables import Draft
from services.tasks.policies import POLICIES, Act

router = rooms("/tasks/plan-drafts", "plan drafts")

_KNOWN: dict[int | str, dict[str, Any]] = {
    200: {"model": DraftView, "description": "A draft of this very document is open already."}
}

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("text/plain", "text/html", mediatypes.DOCX, mediatypes.PDF)
        },
    }
}


@router.post("", status_code=201, response_model=DraftView, responses=_KNOWN)
@act(Act.DRAFT_PLANS)
@untransacted
async def take_in(
    body: NewDraft, request: Request, response: Response, by: Actor, now: Now
) -> DraftView:
    """Read a plan out of text or of a page as it was copied."""
    return await _taken_in(request, response, body.text.encode(), year=body.year, by=by, now=now)


@router.post(
    "/files", status_code=201, response_model=DraftView, responses=_KNOWN, openapi_extra=_FILE
)
@act(Act.DRAFT_PLANS)
@untransacted
async def take_in_file(
    year: Annotated[Year, Query()], request: Request, response: Response, by: Actor, now: Now
) -> DraftView:
    """Read a plan out of a file: text, a page, DOCX or PDF. At most 5 MB.

    The body is the file.
    """
    body = await files.beginning(request.stream(), most=MOST_BYTES)
    return await _taken_in(request, response, body, year=year, by=by, now=now)


async def _taken_in(
    request: Request, response: Response, body: bytes, *, year: int, by: Principal, now: Now
) -> DraftView:
    runtime: Runtime = request.app.state.runtime
    async with unit_of_work(runtime.database, by) as session:
        named = await operations_checks.known(session, year=year, now=now)
    # Reading takes a moment of the processor: outside of the loop, and of any transaction.
    understood = await asyncio.to_thread(
        operations_intake.understand, body, year=year, roll=named.roll
    )
    async with unit_of_work(runtime.database, by) as session:
        draft, new = await operations_intake.take_in(session, read=understood, by=by, now=now)
        response.status_code = 201 if new else 200
        return DraftView.model_validate(draft)


@router.get("", response_model=Page[DraftView], responses=exports.RESPONSES)
@act(Act.READ_PLAN_DRAFTS)
async def list_drafts(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.DRAFTS.asked)],
) -> Any:
    """Drafts of the actor's area, newest first."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=DraftView)


@router.get("/{draft_id}")
@act(Act.READ_PLAN_DRAFTS)
async def read(draft_id: UUID, session: Session, by: Actor) -> DraftDetail:
    """A draft whole: text, articles, proposed duties and flags, each with its place."""
    draft = await _visible(session, draft_id, by)
    articles = await queries.articles(session, draft_id)
    duties = await queries.duties(session, draft_id)
    flags = await queries.flags(session, draft_id)
    return DraftDetail(
        **DraftView.model_validate(draft).model_dump(),
        text=draft.text,
        sections=draft.sections,
        articles=[ArticleView.model_validate(row) for row in articles],
        duties=[DutyView.model_validate(row) for row in duties],
        flags=[FlagView.model_validate(row) for row in flags],
    )


@router.patch("/{draft_id}", response_model=DraftView)
@act(Act.DRAFT_PLANS)
async def entitle(draft_id: UUID, body: Titled, session: Session, by: Actor, now: Now) -> Draft:
    """Correct the title of the plan."""
    return await operations.entitle(session, draft_id=draft_id, title=body.title, by=by, now=now)


@router.get("/{draft_id}/history")
@act(Act.READ_PLAN_DRAFTS)
async def history(draft_id: UUID, session: Session, by: Actor) -> list[ChangeView]:
    """Every correction by a person, oldest first."""
    await _visible(session, draft_id, by)
    return [ChangeView.model_validate(row) for row in await queries.history(session, draft_id)]


@router.post("/{draft_id}/issue", status_code=201)
@act(Act.DRAFT_PLANS)
async def issue(draft_id: UUID, session: Session, by: Actor, now: Now) -> IssuedView:
    """Make the draft the next version of the year's plan. Refused while a flag is open."""
    plan = await operations_issue.issue(session, draft_id=draft_id, by=by, now=now)
    return IssuedView(
        draft_id=draft_id,
        year=plan.year,
        version=plan.version,
        articles=plan.articles,
        duties=plan.duties,
        goals=plan.goals or 0,
        issued_at=plan.issued_at,
    )


@router.post("/{draft_id}/discard", response_model=DraftView)
@act(Act.DRAFT_PLANS)
async def discard(draft_id: UUID, body: Reason, session: Session, by: Actor, now: Now) -> Draft:
    """Give a draft up."""
    return await operations.discard(session, draft_id=draft_id, reason=body.reason, by=by, now=now)


async def _visible(session: Session, draft_id: UUID, by: Principal) -> Draft:
    draft = await queries.get(session, draft_id)
    POLICIES.require(by, Act.READ_PLAN_DRAFTS, on=draft, seen_by=Act.READ_PLAN_DRAFTS)
    return draft
