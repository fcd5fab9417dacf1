"""Hand evidence in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import FieldFault, InvalidPayload
from reference import evidence as pack
from reference.cityrows import Place
from reference.terms import EvidenceKind, EvidenceLimitCode
from services.tasks.evidence import operations_checks as checks
from services.tasks.evidence import operations_counts as counts
from services.tasks.evidence import queries
from services.tasks.evidence.domain import EvidenceState, PeriodClosed
from services.tasks.evidence.tables import Evidence, EvidenceFile, EvidenceFlag, EvidenceQuestion
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import Action, Status, after, handed_in
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES, Act


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """What somebody hands in about one act."""

    note: str
    figures: dict[str, Any] | None = None
    kind: EvidenceKind = EvidenceKind.DOCUMENT
    activity: str | None = None
    happened_on: date | None = None
    happened_at: datetime | None = None
    place: str | None = None
    point: Place | None = None
    attending: int | None = None
    held_with: tuple[str, ...] = ()
    host: str | None = None
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What of an obligation a piece is about, and whose doing that was."""

    part_id: UUID | None
    subject: str


async def submit(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    evidence: NewEvidence,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Hand in evidence that a duty was done, or done once more; what looks wrong is noted."""
    obligation = await owed.get(session, obligation_id, lock=True)
    POLICIES.require(by, Act.SUBMIT_EVIDENCE, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    after(Status(obligation.status), Action.SUBMIT if obligation.least is None else Action.AWAIT)
    refuse_closed(obligation, now=now)
    row = await enter(session, obligation, evidence, by=by, now=now)
    await counts.recount(session, obligation)
    if counts.decides(obligation):
        action = handed_in(
            least=obligation.least, credited=obligation.credited, waiting=obligation.waiting
        )
        await obligations.move_on(session, obligation, action, now=now)
    note(session, obligation, Act.SUBMIT_EVIDENCE, by=by, piece=row)
    return row


async def enter(
    session: AsyncSession,
    obligation: Obligation,
    evidence: NewEvidence,
    *,
    share: Share | None = None,
    by: Principal,
    now: datetime,
) -> Evidence:
    """Keep a piece with its files, and note what looks wrong with it.

    `share`: the part that it proves; what proves the whole has none.
    """
    share = share or Share(part_id=None, subject=obligation.subject)
    await _refuse_faulty(session, obligation, evidence, subject=share.subject, now=now)
    row = _row(obligation, evidence, share=share, by=by, now=now)
    session.add(row)
    await session.flush()
    files = await _take_files(session, obligation, row, evidence.files, by=by)
    await checks.look_at(session, obligation, row, files, by=by, now=now)
    return row


def refuse_closed(obligation: Obligation, *, now: datetime) -> None:
    """Evidence for a period is taken until some days after it (platform)."""
    closed_on = closes_on(obligation)
    if closed_on is not None and now >= calendar.closes_at(closed_on):
        raise PeriodClosed(
            f"该周期的佐证截至 {closed_on} 提交。",
            f"Evidence for the period was taken until {closed_on}.",
            closed_on=closed_on.isoformat(),
        )


def closes_on(obligation: Obligation) -> date | None:
    """The last day on which evidence for a period is taken; None of what has no period.

    Who was given more time has as many days after it as others after the period.
    """
    last = counts.span_of(obligation).last
    if last is None:
        return None
    days = pack.limit(EvidenceLimitCode.LATE_DAYS, on=last)
    return calendar.add_days(last, int(days))


async def _refuse_faulty(
    session: AsyncSession,
    obligation: Obligation,
    evidence: NewEvidence,
    *,
    subject: str,
    now: datetime,
) -> None:
    activity, known = evidence.activity, True
    if activity is not None:
        known = pack.activity(activity, on=calendar.day_of(now)) is not None
    units = {code for code in evidence.held_with if "." in code}
    unheard = units - await organisations.ever(session, units)
    together = {None, subject, *evidence.held_with}
    faults = {
        _NO_DAY: obligation.period_from is not None and evidence.happened_on is None,
        _NO_ACTIVITY: not known,
        _NOBODY_ELSE: bool(unheard) or subject in evidence.held_with,
        _NO_HOST: evidence.host not in together,
    }
    found = [fault for fault, holds in faults.items() if holds]
    if found:
        raise InvalidPayload(*found)


_NO_DAY = FieldFault(
    pointer="/happened_on", code="missing", zh="须填写开展日期", en="Say on which day it was done"
)
_NO_ACTIVITY = FieldFault(
    pointer="/activity", code="unknown", zh="没有此活动类型", en="There is no such sort of act"
)
_NOBODY_ELSE = FieldFault(
    pointer="/held_with",
    code="unknown",
    zh="须为其他已登记的单位或企业",
    en="Name other units or enterprises that are on record",
)
_NO_HOST = FieldFault(
    pointer="/host",
    code="unknown",
    zh="主办单位须是开展单位之一",
    en="The host is one of those who did it",
)


def _row(
    obligation: Obligation, evidence: NewEvidence, *, share: Share, by: Principal, now: datetime
) -> Evidence:
    point = evidence.point
    return Evidence(
        id=uuid7(),
        obligation_id=obligation.id,
        part_id=share.part_id,
        region_code=obligation.region_code,
        enterprise_uscc=obligation.enterprise_uscc,
        subject=share.subject,
        state=str(EvidenceState.WAITING),
        kind=str(evidence.kind),
        note=evidence.note,
        figures=evidence.figures,
        activity=evidence.activity,
        happened_on=evidence.happened_on,
        happened_at=evidence.happened_at,
        place=evidence.place,
        lon=point.lon if point else None,
        lat=point.lat if point else None,
        attending=evidence.attending,
        held_with=list(evidence.held_with),
        host=evidence.host,
        submitted_by=by.subject,
        submitted_at=now,
    )


async def _take_files(
    session: AsyncSession,
    obligation: Obligation,
    row: Evidence,
    wanted: tuple[UUID, ...],
    *,
    by: Principal,
) -> list[EvidenceFile]:
    """The files that were added for it before; each belongs to one piece of evidence."""
    taken = []
    for n, file_id in enumerate(dict.fromkeys(wanted)):
        file = await session.get(EvidenceFile, file_id, with_for_update=True)
        if (
            file is None
            or (file.obligation_id, file.added_by) != (obligation.id, by.subject)
            or file.evidence_id is not None
        ):
            fault = FieldFault(
                pointer=f"/files/{n}",
                code="unknown",
                zh="没有此待用文件",
                en="You added no such file to this obligation, or it is used",
            )
            raise InvalidPayload(fault)
        file.evidence_id = row.id
        taken.append(file)
    return taken


def note(
    session: AsyncSession, obligation: Obligation, act: Act, *, by: Principal, piece: Evidence
) -> None:
    """Keep on record who did what to a piece of evidence."""
    audit.note(
        session,
        by=by,
        act=act,
        entity="obligation",
        entity_id=obligation.id,
        detail={
            "status": obligation.status,
            "evidence": str(piece.id),
            "state": piece.state,
        },
    )


async def copy_all(session: AsyncSession, *, of: Obligation, to: Obligation) -> None:
    """Let an obligation have what was handed in for another one that it goes on with.

    What the unit had handed in is readable where its heir is: that may be another place.
    """
    ids: dict[UUID, UUID] = {}
    placed = {"region_code": to.region_code, "enterprise_uscc": to.enterprise_uscc}
    for held in await queries.of(session, of.id):
        ids[held.id] = uuid7()
        host = None if held.host == of.subject else held.host
        own = {"id": ids[held.id], "obligation_id": to.id, "subject": to.subject, "host": host}
        session.add(Evidence(**_values(held) | placed | own))
    await session.flush()
    for file in await queries.files(session, of.id):
        if file.evidence_id in ids:
            own = {"id": uuid7(), "obligation_id": to.id, "evidence_id": ids[file.evidence_id]}
            session.add(EvidenceFile(**_values(file) | placed | own))
    for flag in await queries.flags(session, ids):
        own = {"id": uuid7(), "evidence_id": ids[flag.evidence_id]}
        session.add(EvidenceFlag(**_values(flag) | placed | own))
    for question in await queries.questions(session, ids):
        own = {"id": uuid7(), "evidence_id": ids[question.evidence_id]}
        session.add(EvidenceQuestion(**_values(question) | placed | own))


async def move_parts(
    session: AsyncSession, part_ids: Collection[UUID], *, to: UUID, region_code: str
) -> None:
    """What parts were proved with goes where they go."""
    pieces = await queries.of_parts(session, part_ids)
    ids = {piece.id for piece in pieces}
    files = [
        file
        for obligation_id in {piece.obligation_id for piece in pieces}
        for file in await queries.files(session, obligation_id)
        if file.evidence_id in ids
    ]
    for piece in pieces:
        piece.obligation_id, piece.region_code = to, region_code
    for file in files:
        file.obligation_id, file.region_code = to, region_code


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
