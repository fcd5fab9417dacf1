"""Keeping a draft, editing it, handing it in once, giving it up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from services.incidents.acceptance import operations as acceptance
from services.incidents.drafts import domain, queries
from services.incidents.drafts.domain import Action, DraftMoved, Status
from services.incidents.drafts.schemas import Edit, NewDraft, as_kept, as_report
from services.incidents.drafts.tables import Draft
from services.incidents.policies import POLICIES, Act
from services.incidents.receipts.schemas import Receipt
from services.incidents.reports.operations import refusing_taken_id

ENTITY = "draft"
_LENGTH = 6


async def keep(session: AsyncSession, *, draft: NewDraft, by: Principal, now: datetime) -> Draft:
    """Keep a new draft of the actor's enterprise or desk."""
    kept = Draft(
        region_code=(by.region or "").ljust(_LENGTH, "0"),
        enterprise_uscc=by.uscc,
        id=draft.draft_id,
        version=1,
        status=str(Status.OPEN),
        unit=by.unit,
        body=as_kept(draft.body),
        saved_at=now,
        saved_by=by.subject,
    )
    session.add(kept)
    with refusing_taken_id(kept.id):
        await session.flush()
    audit.note(session, by=by, act=Act.DRAFT, entity=ENTITY, entity_id=kept.id)
    return kept


async def edit(
    session: AsyncSession, *, draft_id: UUID, edit: Edit, by: Principal, now: datetime
) -> Draft:
    """Take over what the author has now; an edit of an older version is refused."""
    draft = await _mine(session, draft_id, by=by)
    draft.status = str(domain.after(draft.stands, Action.EDIT))
    if edit.version != draft.version:
        raise DraftMoved(version=draft.version)
    draft.version += 1
    draft.body = as_kept(edit.body)
    draft.saved_at, draft.saved_by = now, by.subject
    audit.note(session, by=by, act=Act.DRAFT, entity=ENTITY, entity_id=draft.id)
    return draft


async def submit(
    session: AsyncSession, *, draft_id: UUID, by: Principal, now: datetime, chinese: bool
) -> tuple[Draft, Receipt]:
    """Hand a draft in: it becomes the report of the same id, received now."""
    draft = await _mine(session, draft_id, by=by)
    _close(draft, Action.SUBMIT, now=now)
    report = as_report(draft.body, report_id=draft.id)
    draft.accident_id = report.accident_id or draft.id
    await session.flush()
    receipt = await acceptance.accept(
        session, report=report, by=by, received_at=now, now=now, chinese=chinese
    )
    audit.note(session, by=by, act=Act.DRAFT, entity=ENTITY, entity_id=draft_id)
    return draft, receipt


async def discard(session: AsyncSession, *, draft_id: UUID, by: Principal, now: datetime) -> Draft:
    """Give a draft up; what it held stays."""
    draft = await _mine(session, draft_id, by=by)
    _close(draft, Action.DISCARD, now=now)
    audit.note(session, by=by, act=Act.DRAFT, entity=ENTITY, entity_id=draft.id)
    return draft


def _close(draft: Draft, action: Action, *, now: datetime) -> None:
    draft.status = str(domain.after(draft.stands, action))
    draft.closed_at = now


async def _mine(session: AsyncSession, draft_id: UUID, *, by: Principal) -> Draft:
    draft = await queries.get(session, draft_id, lock=True)
    POLICIES.require(by, Act.DRAFT, on=draft, seen_by=Act.DRAFT)
    return draft
