"""The HTTP face of drafts."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Request

from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act, keyed_by
from kernel.web import rooms
from services.incidents.drafts import operations, queries
from services.incidents.drafts.schemas import DraftView, Edit, NewDraft, Submitted
from services.incidents.drafts.tables import Draft
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/drafts", "drafts")


@router.post("", status_code=201, response_model=DraftView)
@act(Act.DRAFT)
@keyed_by("draft_id")
async def keep(body: NewDraft, session: Session, by: Actor, now: Now) -> Draft:
    """Keep a report that is not ready yet."""
    return await operations.keep(session, draft=body, by=by, now=now)


@router.get("", response_model=list[DraftView])
@act(Act.DRAFT)
async def open_ones(session: Session, by: Actor) -> Sequence[Draft]:
    """The drafts of the actor's enterprise or desk, newest first."""
    found = await queries.open_ones(session)
    return [draft for draft in found if POLICIES.allows(by, Act.DRAFT, draft)]


@router.get("/{draft_id}", response_model=DraftView)
@act(Act.DRAFT)
async def read(draft_id: UUID, session: Session, by: Actor) -> Draft:
    """One draft."""
    draft = await queries.get(session, draft_id)
    POLICIES.require(by, Act.DRAFT, on=draft, seen_by=Act.DRAFT)
    return draft


@router.put("/{draft_id}", response_model=DraftView)
@act(Act.DRAFT)
async def edit(draft_id: UUID, body: Edit, session: Session, by: Actor, now: Now) -> Draft:
    """Replace what a draft holds; the version that was read is named."""
    return await operations.edit(session, draft_id=draft_id, edit=body, by=by, now=now)


@router.post("/{draft_id}/submit", status_code=201)
@act(Act.DRAFT)
async def submit(
    draft_id: UUID, request: Request, session: Session, by: Actor, now: Now
) -> Submitted:
    """Hand a draft in as a report, once."""
    chinese = wants_chinese(request.headers.get("accept-language"))
    draft, receipt = await operations.submit(
        session, draft_id=draft_id, by=by, now=now, chinese=chinese
    )
    return Submitted(draft=DraftView.model_validate(draft), receipt=receipt)


@router.delete("/{draft_id}", response_model=DraftView)
@act(Act.DRAFT)
async def discard(draft_id: UUID, session: Session, by: Actor, now: Now) -> Draft:
    """Give a draft up."""
    return await operations.discard(session, draft_id=draft_id, by=by, now=now)
