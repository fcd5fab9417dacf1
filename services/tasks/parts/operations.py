"""Hand in, accept, return and excuse parts; the whole closes when every part is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from contracts.tasks_evidence import EvidenceQuestioned, EvidenceReturned
from kernel import audit, calendar
from kernel.access import SYSTEM, NotYours, Principal
from kernel.db import Scope, set_scope
from kernel.ids import uuid7
from kernel.outbox import publish
from kernel.problems import Problem
from reference.terms import DutyKind
from services.tasks.evidence import operations as submitting
from services.tasks.evidence import operations_counts as counts
from services.tasks.evidence import operations_review as reviewing
from services.tasks.evidence import queries as proofs
from services.tasks.evidence.domain import HELD, EvidenceAction, EvidenceState
from services.tasks.evidence.operations import NewEvidence, Share
from services.tasks.evidence.operations_review import ReviewNotYours, Verdict
from services.tasks.evidence.tables import Evidence
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import rules as obligation_rules
from services.tasks.obligations.domain import LIVE, Action
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.parts import domain, operations_opening, queries
from services.tasks.parts.domain import (
    PartAction,
    PartRefused,
    PartRole,
    PartStatus,
    PartsWaitFor,
    SoleLead,
)
from services.tasks.parts.tables import Part, PartEntry
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import PartAct

_CLOSED_BY_PARTS = frozenset(
    {DutyKind.DEADLINE_TASK, DutyKind.CONTINUOUS, DutyKind.EVENT_TRIGGERED}
)
"""Where something is counted, done parts are needed and not enough; a figure ends it by itself."""


_STANDING = HELD | {EvidenceState.ACCEPTED}
"""What was returned or proved false proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says with a step, and what proves it."""

    note: str | None = None
    files: Sequence[str] = field(default=())
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """A part among all of its obligation, locked."""

    part: Part
    parts: Sequence[Part]
    row: Obligation

    @property
    def lead(self) -> Part:
        """The part that answers for the whole."""
        return next(part for part in self.parts if part.role == PartRole.LEAD)


async def locked(session: AsyncSession, part_id: UUID) -> Stands:
    """A part and its whole, as nobody else changes them: the heir's, if handed over meanwhile."""
    found = await queries.get(session, part_id)
    # A unit of another place sees the part and not the obligation, which the step is about too.
    await set_scope(session, Scope.of(SYSTEM))
    while True:
        row = await session.get_one(Obligation, found.obligation_id, with_for_update=True)
        parts = await queries.of(session, row.id, lock=True)
        for part in parts:
            if part.id == part_id:
                return Stands(part=part, parts=parts, row=row)
        found = await queries.get(session, part_id)


class AlienEvidence(NotYours):
    """Evidence of another obligation proves nothing here."""

    status = 409
    title_zh = "该佐证不是为本任务提交的"
    title_en = "The evidence was not handed in for this obligation"


class ProofIncomplete(Problem):
    """A kind of evidence that the duty asks for is missing: the part is not accepted so."""

    status = 409
    title_zh = "缺少规定的佐证种类，不能认可"
    title_en = "A kind of evidence is missing: the part cannot be accepted"


async def adding_to(
    session: AsyncSession, part_id: UUID, *, by: Principal, now: datetime
) -> Obligation:
    """The whole of a part, if this actor may add files to prove it with."""
    stands = await _worked_on(session, part_id, by=by)
    submitting.refuse_closed(stands.row, now=now)
    return stands.row


async def _worked_on(session: AsyncSession, part_id: UUID, *, by: Principal) -> Stands:
    """A part, locked, if it is the actor's unit that works on it."""
    stands = await locked(session, part_id)
    POLICIES.require(by, PartAct.WORK_PART, on=stands.part, seen_by=PartAct.READ_PARTS)
    if by.unit != stands.part.unit:
        raise NotYours
    return stands


async def hand_in(
    session: AsyncSession,
    *,
    part_id: UUID,
    evidence: NewEvidence,
    evidence_id: UUID | None,
    by: Principal,
    now: datetime,
) -> Part:
    """A supporting unit hands its part in to the lead, a lead to the reviewer."""
    stands = await _worked_on(session, part_id, by=by)
    part = stands.part
    shares = [one.share for one in stands.parts]
    if not domain.may_hand_in(part.share, shares):
        raise PartsWaitFor
    if evidence_id is not None:
        await _refuse_alien(session, part, evidence_id)
    _refuse_unfit(stands, PartAction.HAND_IN)
    submitting.refuse_closed(stands.row, now=now)
    share = Share(part_id=part.id, subject=part.unit)
    piece = await submitting.enter(session, stands.row, evidence, share=share, by=by, now=now)
    part.handed_in_by = by.subject
    said = Said(note=evidence.note, files=await _hashes(session, piece), evidence_id=evidence_id)
    return await _step(session, stands, PartAction.HAND_IN, said=said, by=by, now=now)


async def _refuse_alien(session: AsyncSession, part: Part, evidence_id: UUID) -> None:
    """What another unit did, or what was found wanting, proves no part."""
    for row in await proofs.of(session, part.obligation_id):
        if row.id == evidence_id and row.subject == part.unit and row.state in _STANDING:
            return
    raise AlienEvidence


async def _hashes(session: AsyncSession, piece: Evidence) -> list[str]:
    files = await proofs.files(session, piece.obligation_id)
    return [file.sha256 for file in files if file.evidence_id == piece.id]


async def judge(
    session: AsyncSession,
    *,
    part_id: UUID,
    action: PartAction,
    said: Said,
    by: Principal,
    now: datetime,
) -> Part:
    """The lead accepts or returns what supporting units hand in, an office what leads do."""
    stands = await _judged_by(session, part_id, by=by, now=now)
    _refuse_unfit(stands, action)
    piece = await _waiting(session, stands.part)
    if piece is not None:
        await _judge_piece(session, stands, piece, action, said=said, by=by, now=now)
    return await _step(session, stands, action, said=said, by=by, now=now)


async def _judge_piece(
    session: AsyncSession,
    stands: Stands,
    piece: Evidence,
    action: PartAction,
    *,
    said: Said,
    by: Principal,
    now: datetime,
) -> None:
    """A part's proof is judged as that of a whole is; what is returned is told to its unit."""
    part, row = stands.part, stands.row
    returned = action is PartAction.RETURN
    if not returned and await _lacks_kinds(session, stands, piece):
        raise ProofIncomplete
    verdict = Verdict(
        action=EvidenceAction.RETURN if returned else EvidenceAction.ACCEPT, remark=said.note
    )
    await reviewing.judge(session, piece, verdict, by=by, now=now)
    if returned:
        fact = reviewing.sent_back(EvidenceReturned, row, piece, holder=part.unit, now=now)
        publish(session, fact)


async def _lacks_kinds(session: AsyncSession, stands: Stands, piece: Evidence) -> bool:
    """Whether the duty asks for more; a lead is measured by the evidence of the whole."""
    if stands.part.role == PartRole.LEAD:
        return False
    handed_in = (await queries.entries(session, [stands.part.id]))[-1]
    whole = await proofs.of(session, stands.row.id)
    shown = [piece, *(row for row in whole if row.id == handed_in.evidence_id)]
    return await counts.lacks_kinds(session, stands.row, shown)


async def _waiting(session: AsyncSession, part: Part) -> Evidence | None:
    """What was handed in for a part last and waits; what came before proofs were kept has none."""
    pieces = await proofs.of_parts(session, [part.id])
    return next((one for one in reversed(pieces) if one.state in HELD), None)


async def ask(
    session: AsyncSession, *, part_id: UUID, question: str, by: Principal, now: datetime
) -> Part:
    """Ask about what was handed in: it stays with whoever judges it."""
    stands = await _judged_by(session, part_id, by=by, now=now)
    piece = await _asked_about(session, stands)
    reviewing.put_question(session, piece, question, by=by, now=now)
    fact = reviewing.sent_back(
        EvidenceQuestioned, stands.row, piece, holder=stands.part.unit, now=now
    )
    publish(session, fact)
    return _noted(session, stands, "ask", by=by)


async def answer(
    session: AsyncSession, *, part_id: UUID, words: str, by: Principal, now: datetime
) -> Part:
    """Answer what was asked about a part."""
    stands = await _worked_on(session, part_id, by=by)
    piece = await _asked_about(session, stands)
    await reviewing.put_answer(session, piece, words, by=by, now=now)
    return _noted(session, stands, "answer", by=by)


async def _asked_about(session: AsyncSession, stands: Stands) -> Evidence:
    """The proof of a part that somebody holds to judge it."""
    piece = await _waiting(session, stands.part)
    held = stands.row.status in LIVE and stands.part.status == PartStatus.HANDED_IN
    if piece is None or not held:
        raise PartRefused(part_status=stands.part.status)
    return piece


async def _judged_by(
    session: AsyncSession, part_id: UUID, *, by: Principal, now: datetime
) -> Stands:
    """A part, locked, if this actor may judge it now."""
    stands = await locked(session, part_id)
    part = stands.part
    POLICIES.require(by, PartAct.JUDGE_PART, on=part, seen_by=PartAct.READ_PARTS)
    if part.role == PartRole.SUPPORTING:
        if by.unit != stands.lead.unit:
            raise NotYours("由牵头单位审核配合事项", "The lead judges what supports it.")
        if part.handed_in_by == by.subject:  # who has moved to the lead since
            raise ReviewNotYours
    else:
        await _refuse_own(session, stands, by=by, now=now)
    return stands


async def excuse(
    session: AsyncSession, *, part_id: UUID, reason: str, by: Principal, now: datetime
) -> Part:
    """An office excuses a unit from its part, saying why; the lead never."""
    stands = await locked(session, part_id)
    POLICIES.require(by, PartAct.EXCUSE_PART, on=stands.part, seen_by=PartAct.READ_PARTS)
    if stands.part.role == PartRole.LEAD:
        raise SoleLead
    await _refuse_own(session, stands, by=by, now=now)
    said = Said(note=reason)
    return await _step(session, stands, PartAction.EXCUSE, said=said, by=by, now=now)


async def release(
    session: AsyncSession, stands: Stands, *, reason: str, by: Principal, now: datetime
) -> None:
    """A unit objected to its part, and rightly: nobody waits for it any more."""
    await _step(session, stands, PartAction.EXCUSE, said=Said(note=reason), by=by, now=now)


async def _refuse_own(
    session: AsyncSession, stands: Stands, *, by: Principal, now: datetime
) -> None:
    part = stands.part
    kind = await organisations.kind(session, part.unit, day=calendar.day_of(now))
    allowed = obligation_rules.may_review(
        reviewer_region=by.region or "", region_code=part.region_code, unit_kind=kind
    )
    if not allowed or by.unit in part.units or part.handed_in_by == by.subject:
        raise ReviewNotYours


async def _step(
    session: AsyncSession,
    stands: Stands,
    action: PartAction,
    *,
    said: Said,
    by: Principal,
    now: datetime,
) -> Part:
    part, row = stands.part, stands.row
    part.status = _refuse_unfit(stands, action)
    part.closed_at = now if part.status in domain.DONE else None
    if part.closed_at is not None:
        part.objected_at = None
    session.add(_entry(part, action, said=said, by=by, now=now))
    await operations_opening.hold_anew(session, row.id, stands.parts, now=now)
    await _go_on(session, stands, now=now)
    return _noted(session, stands, str(action), by=by)


def _refuse_unfit(stands: Stands, action: PartAction) -> PartStatus:
    """What becomes of a part; refused of what is over, and where the step is not next."""
    if stands.row.status not in LIVE:
        raise PartRefused(obligation_status=stands.row.status)
    return domain.after(PartStatus(stands.part.status), action)


def _noted(session: AsyncSession, stands: Stands, action: str, *, by: Principal) -> Part:
    part = stands.part
    detail = {"part": str(part.id), "action": action, "status": part.status}
    audit.note(
        session,
        by=by,
        act=f"part.{action}",
        entity="obligation",
        entity_id=part.obligation_id,
        detail=detail,
    )
    set_committed_value(part, "obligation", stands.row)  # whoever shows it needs the whole
    return part


async def _go_on(session: AsyncSession, stands: Stands, *, now: datetime) -> None:
    row, done = stands.row, domain.is_done([part.share for part in stands.parts])
    proved = row.least is not None and row.credited >= row.least
    if done and DutyKind(row.duty_kind) in _CLOSED_BY_PARTS:
        await obligations.close(session, row, Action.FULFIL, now=now)
    elif done and proved:  # and owed again where the proof was false
        await obligations.close(session, row, Action.ACCEPT, now=now)
    else:
        await operations_opening.tell_late(session, row, now=now)


def _entry(
    part: Part, action: PartAction, *, said: Said, by: Principal, now: datetime
) -> PartEntry:
    return PartEntry(
        id=uuid7(),
        part_id=part.id,
        region_code=part.region_code,
        units=part.units,
        action=action,
        status=part.status,
        note=said.note,
        files=list(said.files),
        evidence_id=said.evidence_id,
        made_by=by.subject,
        unit=by.unit,
        at=now,
    )
