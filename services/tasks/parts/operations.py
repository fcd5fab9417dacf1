"""Hand in, accept, return and excuse parts; the whole closes when every part is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from kernel import audit, calendar
from kernel.access import SYSTEM, NotYours, Principal
from kernel.db import Scope, set_scope
from kernel.ids import uuid7
from reference.terms import DutyKind
from services.tasks.evidence import queries as evidence
from services.tasks.evidence.operations_review import ReviewNotYours
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says with a step, and what proves it."""

    note: str | None = None
    files: Sequence[str] = field(default=())
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stands:
    """A part among all of its obligation, locked."""

    part: Part
    parts: Sequence[Part]
    row: Obligation

    @property
    def lead(self) -> Part:
        """The part that answers for the whole."""
        return next(part for part in self.parts if part.role == PartRole.LEAD)


async def _locked(session: AsyncSession, part_id: UUID) -> _Stands:
    found = await queries.get(session, part_id)
    # A unit of another place sees the part and not the obligation, which the step is about too.
    await set_scope(session, Scope.of(SYSTEM))
    row = await session.get_one(Obligation, found.obligation_id, with_for_update=True)
    parts = await queries.of(session, found.obligation_id, lock=True)
    part = next(one for one in parts if one.id == part_id)
    return _Stands(part=part, parts=parts, row=row)


class AlienEvidence(NotYours):
    """Evidence of another obligation proves nothing here."""

    status = 409
    title_zh = "该佐证不是为本任务提交的"
    title_en = "The evidence was not handed in for this obligation"


async def hand_in(
    session: AsyncSession, *, part_id: UUID, said: Said, by: Principal, now: datetime
) -> Part:
    """A supporting unit hands its part in to the lead, a lead to the reviewer."""
    stands = await _locked(session, part_id)
    part = stands.part
    POLICIES.require(by, PartAct.WORK_PART, on=part, seen_by=PartAct.READ_PARTS)
    if by.unit != part.unit:
        raise NotYours
    shares = [one.share for one in stands.parts]
    if not domain.may_hand_in(part.share, shares):
        raise PartsWaitFor
    if said.evidence_id is not None:
        known = {row.id for row in await evidence.of(session, part.obligation_id)}
        if said.evidence_id not in known:
            raise AlienEvidence
    part.handed_in_by = by.subject
    return await _step(session, stands, PartAction.HAND_IN, said=said, by=by, now=now)


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
    stands = await _locked(session, part_id)
    part = stands.part
    POLICIES.require(by, PartAct.JUDGE_PART, on=part, seen_by=PartAct.READ_PARTS)
    if part.role == PartRole.SUPPORTING:
        if by.unit != stands.lead.unit:
            raise NotYours("由牵头单位审核配合事项", "The lead judges what supports it.")
        if part.handed_in_by == by.subject:  # who has moved to the lead since
            raise ReviewNotYours
    else:
        await _refuse_own(session, stands, by=by, now=now)
    return await _step(session, stands, action, said=said, by=by, now=now)


async def excuse(
    session: AsyncSession, *, part_id: UUID, reason: str, by: Principal, now: datetime
) -> Part:
    """An office excuses a unit from its part, saying why; the lead never."""
    stands = await _locked(session, part_id)
    POLICIES.require(by, PartAct.EXCUSE_PART, on=stands.part, seen_by=PartAct.READ_PARTS)
    if stands.part.role == PartRole.LEAD:
        raise SoleLead
    await _refuse_own(session, stands, by=by, now=now)
    said = Said(note=reason)
    return await _step(session, stands, PartAction.EXCUSE, said=said, by=by, now=now)


async def _refuse_own(
    session: AsyncSession, stands: _Stands, *, by: Principal, now: datetime
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
    stands: _Stands,
    action: PartAction,
    *,
    said: Said,
    by: Principal,
    now: datetime,
) -> Part:
    part, row = stands.part, stands.row
    if row.status not in LIVE:
        raise PartRefused(obligation_status=row.status)
    part.status = domain.after(PartStatus(part.status), action)
    part.closed_at = now if part.status in domain.DONE else None
    session.add(_entry(part, action, said=said, by=by, now=now))
    await operations_opening.hold_anew(session, row.id, stands.parts, now=now)
    await _go_on(session, stands, now=now)
    detail = {"part": str(part.id), "action": str(action), "status": part.status}
    audit.note(
        session,
        by=by,
        act=f"part.{action}",
        entity="obligation",
        entity_id=part.obligation_id,
        detail=detail,
    )
    set_committed_value(part, "obligation", row)  # whoever shows it needs the whole
    return part


async def _go_on(session: AsyncSession, stands: _Stands, *, now: datetime) -> None:
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
