"""Make an appeal, which stops the clock, and decide on it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_evidence import AppealDecided as Decided
from kernel import audit, calendar
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from services.tasks.appeals import domain, queries
from services.tasks.appeals import operations_deciding as deciding
from services.tasks.appeals import operations_parts as on_parts
from services.tasks.appeals.domain import (
    AppealAction,
    AppealDecided,
    AppealNotNow,
    AppealStatus,
    AppealTooLate,
    DeadlineNotLater,
    Ground,
)
from services.tasks.appeals.tables import Appeal
from services.tasks.evidence import operations_counts as counts
from services.tasks.evidence import operations_review
from services.tasks.evidence.operations_review import ReviewNotYours
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import queries as owed
from services.tasks.obligations import rules
from services.tasks.obligations.domain import LIVE, OWED, Action
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.parts import operations_objecting as objecting
from services.tasks.parts.operations import Stands
from services.tasks.policies import POLICIES, Act


async def make(
    session: AsyncSession,
    *,
    obligation_id: UUID,
    ground: Ground,
    why: str,
    by: Principal,
    now: datetime,
) -> Appeal:
    """Object to an obligation before it is due; nobody finds it overdue until it is decided."""
    obligation = await owed.get(session, obligation_id, lock=True)
    POLICIES.require(by, Act.APPEAL, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    if obligation.status not in OWED or await queries.made(session, obligation.id):
        raise AppealNotNow
    if now >= obligation.due_at:
        raise AppealTooLate(due_at=obligation.due_at.isoformat())
    row = _of(obligation, ground=ground, why=why, by=by, now=now)
    session.add(row)
    await obligations.stop_clock(session, obligation, now=now)
    await deciding.owe(session, row, obligation, parties=_parties(obligation), now=now)
    _note(session, row, Act.APPEAL, by=by)
    deciding.tell_made(session, row, obligation, now=now)
    return row


def _parties(obligation: Obligation) -> Collection[str]:
    return [obligation.unit] if obligation.unit else []


async def make_for_part(
    session: AsyncSession, *, part_id: UUID, ground: Ground, why: str, by: Principal, now: datetime
) -> Appeal:
    """Object to one's own part before it is due; it is nobody's delay until it is decided.

    The clock of the whole goes on for the others who share it.
    """
    stands = await on_parts.objected_by(session, part_id, by=by, now=now)
    row = _of(stands.row, ground=ground, why=why, by=by, now=now)
    part = stands.part
    row.part_id, row.unit, row.subject, row.enterprise_uscc = part.id, part.unit, part.unit, None
    row.due_before = part.due_with(stands.row)
    session.add(row)
    await objecting.wait(session, stands, now=now)
    await deciding.owe(session, row, stands.row, parties=part.units, now=now)
    _note(session, row, Act.APPEAL, by=by)
    on_parts.tell_made(session, stands, row, now=now)
    return row


def _of(
    obligation: Obligation, *, ground: Ground, why: str, by: Principal, now: datetime
) -> Appeal:
    return Appeal(
        id=uuid7(),
        obligation_id=obligation.id,
        region_code=obligation.region_code,
        enterprise_uscc=obligation.enterprise_uscc,
        unit=obligation.unit,
        subject=obligation.subject,
        ground=str(ground),
        why=why,
        status=str(AppealStatus.MADE),
        stood=obligation.stopped_at is not None,
        made_by=by.subject,
        made_at=now,
        due_before=obligation.due_at,
    )


async def decide(
    session: AsyncSession,
    *,
    appeal_id: UUID,
    action: AppealAction,
    remark: str,
    due_at: datetime | None = None,
    by: Principal,
    now: datetime,
) -> Appeal:
    """Excuse from an obligation or a part, move its deadline, or refuse; then the clock goes on."""
    row, about = await deciding.locked(session, appeal_id)
    POLICIES.require(by, Act.DECIDE_APPEAL, on=row, seen_by=Act.READ_OBLIGATIONS)
    obligation = about.row if isinstance(about, Stands) else about
    await _refuse_own(session, obligation, row, by=by, now=now)
    row.status = str(domain.after(AppealStatus(row.status), action))
    row.decided_by, row.decided_at, row.remark = by.subject, now, remark
    await deciding.settle(session, row, now=now)
    if isinstance(about, Stands):
        on_parts.refuse_sharing(about, by=by)
        await on_parts.carry_out(session, about, row, due_at=due_at, by=by, now=now)
        on_parts.tell_decided(session, about, row, now=now)
    else:
        await _carry_out(session, about, row, due_at=due_at, now=now)
        _tell_decided(session, about, row, now=now)
    _note(session, row, Act.DECIDE_APPEAL, by=by)
    return row


def _tell_decided(
    session: AsyncSession, obligation: Obligation, row: Appeal, *, now: datetime
) -> None:
    publish(
        session,
        Decided(
            occurred_at=now,
            obligation_id=obligation.id,
            region_code=obligation.region_code,
            subject_code=obligation.subject,
            status=row.status,
            due_at=obligation.due_at,
        ),
    )


async def hand_over(
    session: AsyncSession, *, of: Obligation, to: Obligation, now: datetime
) -> None:
    """An appeal that waits is about the obligation that goes on with this one.

    Whoever has to decide on it by then has what is left of the time for it.
    """
    row = await queries.waiting(session, of.id)
    if row is not None:
        row.obligation_id, row.subject, row.unit = to.id, to.subject, to.unit
        row.region_code = to.region_code
        await deciding.name_office(session, row, to, parties=_parties(to), now=now)
        await session.flush()


async def _carry_out(
    session: AsyncSession,
    obligation: Obligation,
    row: Appeal,
    *,
    due_at: datetime | None,
    now: datetime,
) -> None:
    if row.status != AppealStatus.REFUSED and obligation.status not in LIVE:
        raise AppealDecided(obligation_status=obligation.status)
    if row.status == AppealStatus.EXCUSED:
        await obligations.close(session, obligation, Action.EXCUSE, now=now)
    elif row.status == AppealStatus.MOVED:
        if due_at is None or due_at <= max(obligation.due_at, now):
            raise DeadlineNotLater
        row.due_after = due_at
        await obligations.postpone(session, obligation, due_at, reason=f"appeal {row.id}", now=now)
        await operations_review.stand_anew(session, obligation, now=now)
    elif obligation.status in LIVE and not row.stood:
        obligation.stopped_at = None
        await obligations.run_clock(session, obligation, reason=f"appeal {row.id} refused", now=now)
        if counts.decides(obligation):  # else a figure does, when the clock rings
            obligations.note_overdue(session, obligation, now=now)


async def _refuse_own(
    session: AsyncSession, obligation: Obligation, row: Appeal, *, by: Principal, now: datetime
) -> None:
    kind = None
    if obligation.unit is not None:
        kind = await organisations.kind(session, obligation.unit, day=calendar.day_of(now))
    allowed = rules.may_review(
        reviewer_region=by.region or "", region_code=obligation.region_code, unit_kind=kind
    )
    if not allowed or row.made_by == by.subject:
        raise ReviewNotYours


def _note(session: AsyncSession, row: Appeal, act: Act, *, by: Principal) -> None:
    part = {"part": str(row.part_id)} if row.part_id else {}
    audit.note(
        session,
        by=by,
        act=act,
        entity="obligation",
        entity_id=row.obligation_id,
        detail={"appeal": str(row.id), "status": row.status} | part,
    )
