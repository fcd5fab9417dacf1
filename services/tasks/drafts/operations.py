"""Correcting a draft's title, giving a draft up, and keeping every correction in its history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from services.tasks.drafts import queries
from services.tasks.drafts.domain import DraftAction, draft_after
from services.tasks.drafts.tables import Draft, DraftChange, DraftDuty, DraftFlag
from services.tasks.policies import POLICIES, Act

ENTITY = "plan_draft"


async def entitle(
    session: AsyncSession, *, draft_id: UUID, title: str, by: Principal, now: datetime
) -> Draft:
    """Correct the title: a pasted page often begins with other words."""
    draft = await correcting(session, draft_id, by=by)
    before, draft.title = draft.title, title
    noted(
        session,
        draft,
        action="entitle",
        by=by,
        now=now,
        before={"title": before},
        after={"title": title},
    )
    return draft


async def discard(
    session: AsyncSession, *, draft_id: UUID, reason: str | None, by: Principal, now: datetime
) -> Draft:
    """Give a draft up; what it held stays readable."""
    draft = await correcting(session, draft_id, by=by, action=DraftAction.DISCARD)
    draft.closed_at = now
    noted(session, draft, action=DraftAction.DISCARD, by=by, now=now, reason=reason)
    return draft


async def correcting(
    session: AsyncSession,
    draft_id: UUID,
    *,
    by: Principal,
    action: DraftAction = DraftAction.CORRECT,
) -> Draft:
    """A draft, locked, that the actor may work on and that still takes the action."""
    draft = await queries.get(session, draft_id, lock=True)
    POLICIES.require(by, Act.DRAFT_PLANS, on=draft, seen_by=Act.READ_PLAN_DRAFTS)
    draft.status = draft_after(draft.stands, action).value
    return draft


def noted(
    session: AsyncSession,
    draft: Draft,
    *,
    action: str,
    by: Principal,
    now: datetime,
    duty: DraftDuty | None = None,
    flag: DraftFlag | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Keep a correction in the draft's history and in the audit trail."""
    session.add(
        DraftChange(
            id=uuid7(),
            draft_id=draft.id,
            region_code=draft.region_code,
            at=now,
            made_by=by.subject,
            action=str(action),
            duty_id=duty.id if duty else None,
            flag_id=flag.id if flag else None,
            before=before or {},
            after=after or {},
            reason=reason,
        )
    )
    about = duty or flag or draft
    detail = {"action": str(action), "draft": str(draft.id)}
    audit.note(
        session, by=by, act=Act.DRAFT_PLANS, entity=ENTITY, entity_id=about.id, detail=detail
    )
