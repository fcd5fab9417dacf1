"""Hand evidence in, and review it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import NotYours, Principal
from kernel.ids import uuid7
from services.tasks.evidence import queries
from services.tasks.evidence.tables import Evidence
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import queries as owed
from services.tasks.obligations import rules
from services.tasks.obligations.domain import Action, Status, after
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES, Act


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """What somebody hands in."""

    note: str
    figures: dict[str, Any] | None


async def submit(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    evidence: NewEvidence,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Hand in evidence that a duty was done."""
    obligation = await owed.get(session, obligation_id, lock=True)
    POLICIES.require(by, Act.SUBMIT_EVIDENCE, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    obligation.status = after(Status(obligation.status), Action.SUBMIT)
    row = Evidence(
        id=uuid7(),
        obligation_id=obligation.id,
        region_code=obligation.region_code,
        enterprise_uscc=obligation.enterprise_uscc,
        note=evidence.note,
        figures=evidence.figures,
        submitted_by=by.subject,
        submitted_at=now,
    )
    session.add(row)
    _note(session, obligation, Act.SUBMIT_EVIDENCE, by=by, status=obligation.status)
    return row


class ReviewNotYours(NotYours):
    """Nobody reviews what they handed in themselves, nor what is reviewed from above them."""

    title_zh = "不得审核本人提交或应由上级审核的佐证"
    title_en = "You may not review what you handed in, nor what is reviewed above you"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a reviewer says: accept or return, and why."""

    action: Action
    remark: str | None


async def review(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    verdict: Verdict,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Accept what was handed in, or return it; a return after the deadline is overdue at once."""
    obligation = await owed.get(session, obligation_id, lock=True)
    POLICIES.require(by, Act.REVIEW_EVIDENCE, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    becomes = after(Status(obligation.status), verdict.action)
    evidence = (await queries.of(session, obligation.id))[-1]
    await _refuse_own(session, obligation, evidence, by=by, now=now)
    evidence.verdict, evidence.remark = becomes, verdict.remark
    evidence.reviewed_by, evidence.reviewed_at = by.subject, now
    if becomes is Status.ACCEPTED:
        await obligations.close(session, obligation, verdict.action, now=now)
    else:
        obligation.status = becomes
    obligations.note_overdue(session, obligation, now=now)
    _note(session, obligation, Act.REVIEW_EVIDENCE, by=by, status=obligation.status)
    return evidence


async def _refuse_own(
    session: AsyncSession,
    obligation: Obligation,
    evidence: Evidence,
    *,
    by: Principal,
    now: datetime,
) -> None:
    kind = None
    if obligation.unit is not None:
        kind = await organisations.kind(session, obligation.unit, day=calendar.day_of(now))
    allowed = rules.may_review(
        reviewer_region=by.region or "", region_code=obligation.region_code, unit_kind=kind
    )
    if not allowed or evidence.submitted_by == by.subject:
        raise ReviewNotYours


def _note(
    session: AsyncSession, obligation: Obligation, act: Act, *, by: Principal, status: str
) -> None:
    audit.note(
        session,
        by=by,
        act=act,
        entity="obligation",
        entity_id=obligation.id,
        detail={"status": status},
    )
