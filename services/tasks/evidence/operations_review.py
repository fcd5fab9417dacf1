"""Review evidence: accept it, return it, ask about it; and take an acceptance back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.gateway import Role
from contracts.tasks import ObligationKind
from contracts.tasks_evidence import (
    CreditWithdrawn,
    EvidenceFact,
    EvidenceQuestioned,
    EvidenceReturned,
)
from kernel import calendar
from kernel.access import NotFound, NotYours, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from services.tasks.accidents import queries as accidents
from services.tasks.evidence import operations_counts as counts
from services.tasks.evidence import queries
from services.tasks.evidence import rules as evidence_rules
from services.tasks.evidence.domain import (
    HELD,
    EvidenceAction,
    EvidenceState,
    FlaggedWithoutReason,
    WithdrawalNotYours,
    after,
)
from services.tasks.evidence.operations import note
from services.tasks.evidence.tables import Evidence, EvidenceQuestion
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import operations_releases, rules
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import (
    LIVE,
    Action,
    ActionRefused,
    Release,
    Status,
    of_plan,
    reviewed,
)
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES, Act


class ReviewNotYours(NotYours):
    """Nobody reviews what they handed in themselves, nor what is reviewed from above them."""

    title_zh = "不得审核本人提交或应由上级审核的佐证"
    title_en = "You may not review what you handed in, nor what is reviewed above you"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a reviewer says of a piece of evidence, and why."""

    action: EvidenceAction
    remark: str | None
    evidence_id: UUID | None = None
    """None for what was handed in last."""


async def review(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    verdict: Verdict,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Accept a piece or return it; an obligation that falls short of it is overdue at once."""
    obligation = await owed.get(session, obligation_id, lock=True)
    piece = await _reviewed_by(session, obligation, verdict.evidence_id, by=by, now=now)
    state = await judge(session, piece, verdict, by=by, now=now)
    await stand_anew(session, obligation, returned=state is EvidenceState.RETURNED, now=now)
    note(session, obligation, Act.REVIEW_EVIDENCE, by=by, piece=piece)
    if state is EvidenceState.RETURNED:
        publish(session, sent_back(EvidenceReturned, obligation, piece, now=now))
    return piece


async def judge(
    session: AsyncSession, piece: Evidence, verdict: Verdict, *, by: Principal, now: datetime
) -> EvidenceState:
    """Let a piece stand as its reviewer says; what looks wrong is accepted with a reason only."""
    state = after(EvidenceState(piece.state), verdict.action)
    if state is EvidenceState.ACCEPTED and not verdict.remark:
        await _refuse_flagged(session, piece)
    piece.state, piece.verdict, piece.remark = str(state), str(state), verdict.remark
    piece.reviewed_by, piece.reviewed_at = by.subject, now
    piece.reviewed_from = by.region or ""
    return state


def sent_back(
    fact: type[EvidenceFact],
    obligation: Obligation,
    piece: Evidence,
    *,
    holder: str | None = None,
    now: datetime,
) -> EvidenceFact:
    """What is told of a piece that its subject has to work on; of a part's, to its holder."""
    return fact(
        occurred_at=now,
        obligation_id=obligation.id,
        evidence_id=piece.id,
        region_code=obligation.region_code,
        subject_code=holder or obligation.subject,
        kind=ObligationKind(obligation.kind),
        duty=obligation.duty if of_plan(obligation.duty) else None,
        due_at=obligation.due_at,
    )


async def stand_anew(
    session: AsyncSession, obligation: Obligation, *, returned: bool = False, now: datetime
) -> None:
    """Count anew, and let an obligation stand where its pieces put it.

    What proves less than was thought is owed again; what is late and short of it is overdue.
    `returned`: a review has just sent a piece back.
    """
    await counts.recount(session, obligation)
    if not counts.decides(obligation):
        return
    least = obligation.least or 1
    if obligation.status == Status.ACCEPTED and obligation.credited < least:
        await obligations.reopen(session, obligation, now=now)
        await _release_again(session, obligation)
    if obligation.status not in LIVE:
        return
    action = reviewed(
        least=least,
        credited=obligation.credited,
        waiting=obligation.waiting,
        returned=returned or obligation.status == Status.RETURNED,
        shared=obligation.parts_open > 0,
    )
    if (obligation.status, action) != (Status.RETURNED, Action.RETURN):
        await obligations.move_on(session, obligation, action, now=now)
    obligations.note_overdue(session, obligation, now=now)


async def _release_again(session: AsyncSession, obligation: Obligation) -> None:
    """What was not done of what an accident asked is not owed, if that was struck off meanwhile."""
    struck_off_at = await accidents.struck_off_at(session, obligation.origin)
    if struck_off_at is not None:
        reason = Release.STRUCK_OFF
        await operations_releases.release(session, obligation, reason=reason, at=struck_off_at)


async def ask(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    evidence_id: UUID | None,
    question: str,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Ask about a piece. It stays with the reviewer: nobody is late while a question is open."""
    obligation = await owed.get(session, obligation_id, lock=True)
    piece = await _reviewed_by(session, obligation, evidence_id, by=by, now=now)
    put_question(session, piece, question, by=by, now=now)
    note(session, obligation, Act.REVIEW_EVIDENCE, by=by, piece=piece)
    publish(session, sent_back(EvidenceQuestioned, obligation, piece, now=now))
    return piece


def put_question(
    session: AsyncSession, piece: Evidence, question: str, *, by: Principal, now: datetime
) -> None:
    """Keep what is asked about a piece, which waits for the answer."""
    piece.state = str(after(EvidenceState(piece.state), EvidenceAction.ASK))
    session.add(
        EvidenceQuestion(
            id=uuid7(),
            evidence_id=piece.id,
            region_code=piece.region_code,
            enterprise_uscc=piece.enterprise_uscc,
            question=question,
            asked_by=by.subject,
            asked_at=now,
        )
    )


async def answer(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    evidence_id: UUID | None,
    words: str,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Answer what was asked: the piece waits for its review again."""
    obligation = await owed.get(session, obligation_id, lock=True)
    POLICIES.require(by, Act.SUBMIT_EVIDENCE, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    _refuse_ended(obligation)
    piece = await _piece(session, obligation, evidence_id)
    await put_answer(session, piece, words, by=by, now=now)
    note(session, obligation, Act.SUBMIT_EVIDENCE, by=by, piece=piece)
    return piece


async def put_answer(
    session: AsyncSession, piece: Evidence, words: str, *, by: Principal, now: datetime
) -> None:
    """Keep the answer to what was asked last: the piece waits for its review again."""
    piece.state = str(after(EvidenceState(piece.state), EvidenceAction.ANSWER))
    asked = (await queries.questions(session, [piece.id]))[-1]
    asked.answer, asked.answered_by, asked.answered_at = words, by.subject, now


async def withdraw(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    evidence_id: UUID,
    why: str,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Take back an acceptance that proved false: what was met with it is owed again."""
    obligation = await owed.get(session, obligation_id, lock=True)
    POLICIES.require(by, Act.WITHDRAW_CREDIT, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    piece = await _piece(session, obligation, evidence_id)
    reviewed_from = piece.reviewed_from
    allowed = evidence_rules.may_withdraw(
        by_region=by.region or "",
        reviewed_from=obligation.region_code if reviewed_from is None else reviewed_from,
        auditor=Role.AUDITOR in by.roles,
    )
    if not allowed or piece.submitted_by == by.subject:
        raise WithdrawalNotYours
    piece.state = str(after(EvidenceState(piece.state), EvidenceAction.WITHDRAW))
    piece.withdrawn_by, piece.withdrawn_at, piece.withdrawn_why = by.subject, now, why
    await stand_anew(session, obligation, now=now)
    note(session, obligation, Act.WITHDRAW_CREDIT, by=by, piece=piece)
    publish(
        session,
        CreditWithdrawn(
            occurred_at=now,
            obligation_id=obligation.id,
            evidence_id=piece.id,
            region_code=obligation.region_code,
            subject_code=obligation.subject,
            owed_again=obligation.status in LIVE,
        ),
    )
    return piece


async def _reviewed_by(
    session: AsyncSession,
    obligation: Obligation,
    evidence_id: UUID | None,
    *,
    by: Principal,
    now: datetime,
) -> Evidence:
    """The piece, if this actor may review it now."""
    POLICIES.require(by, Act.REVIEW_EVIDENCE, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    _refuse_ended(obligation)
    piece = await _piece(session, obligation, evidence_id)
    await _refuse_own(session, obligation, piece, by=by, now=now)
    return piece


def _refuse_ended(obligation: Obligation) -> None:
    if obligation.status not in LIVE:
        raise ActionRefused(
            f"状态为 {obligation.status} 的任务不再审核。",
            f"What is {obligation.status} is not reviewed any more.",
        )


async def _piece(
    session: AsyncSession, obligation: Obligation, evidence_id: UUID | None
) -> Evidence:
    pieces = await queries.of(session, obligation.id)
    if evidence_id is None:
        pieces = [piece for piece in pieces if piece.state in HELD]
        if not pieces:
            raise ActionRefused("没有待审核的佐证。", "No evidence waits for a review.")
        return pieces[-1]
    for piece in pieces:
        if piece.id == evidence_id:
            return piece
    raise NotFound(f"没有佐证 {evidence_id}。", f"There is no evidence {evidence_id}.")


async def _refuse_flagged(session: AsyncSession, piece: Evidence) -> None:
    flags = await queries.flags(session, [piece.id])
    if flags:
        raise FlaggedWithoutReason(flags=sorted({flag.kind for flag in flags}))


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
