"""Proposing transfers, moving them on, and finding out that a clock ran out."""

from collections.abc import Collection
from datetime import datetime
from math import ceil
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import DeadlineKind
from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from reference import holidays
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.periods.operations import tell_missed, touched
from services.incidents.policies import POLICIES, Act
from services.incidents.reach import refuse_below
from services.incidents.teams import operations as teams
from services.incidents.teams import queries as members
from services.incidents.teams.domain import MemberStatus
from services.incidents.transfers import domain, queries, rules
from services.incidents.transfers.domain import (
    CLOCKS,
    DECIDED_BY_HEAD,
    MAY_LAPSE,
    ContestLapsed,
    OwnProposal,
    TransferAction,
    TransferStatus,
)
from services.incidents.transfers.schemas import Motion, NewTransfer
from services.incidents.transfers.tables import Transfer, TransferStep

TRANSFER_DUE = "transfer_due"


async def propose(
    session: AsyncSession, *, new: NewTransfer, by: Principal, now: datetime
) -> Transfer:
    """The team found signs of a crime or a breach of discipline (Decree 493, 26)."""
    accident = await accidents.get(session, new.accident_id, lock=True)
    await teams.acting(session, accident=accident, by=by)
    least = rules.least_officers(new.addressee, on=calendar.day_of(now))
    await _refuse_too_few(session, accident, set(new.officers), least=least)
    transfer = Transfer(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        addressee=str(new.addressee),
        unit=by.unit or accident.investigating_unit,
        officers=list(new.officers),
        matter=new.matter,
        status=str(TransferStatus.PROPOSED),
        proposed_at=now,
        proposed_by=by.subject,
        since=now,
    )
    session.add(transfer)
    await session.flush()
    session.add(_step(transfer, 1, None, by, now, Motion(note=new.matter)))
    await _start_clock(session, transfer, now)
    _touched(session, accident, transfer, Act.WORK_ON_TEAM, by, now)
    return transfer


async def _refuse_too_few(
    session: AsyncSession, accident: Accident, officers: Collection[UUID], *, least: int
) -> None:
    team = await members.of_accident(session, accident.id)
    active = {member.id for member in team if member.stands is MemberStatus.ACTIVE}
    if len(officers) < least or not set(officers) <= active:
        raise domain.too_few_officers(least)


async def move(
    session: AsyncSession,
    *,
    transfer_id: UUID,
    action: TransferAction,
    motion: Motion,
    by: Principal,
    now: datetime,
) -> Transfer:
    """Take a transfer one step on; the next clock starts with it."""
    transfer, accident = await _held(session, transfer_id)
    await _refuse_wrong_post(session, transfer, accident, action, by)
    due_at = transfer.due_at
    transfer.status = str(domain.after(transfer.stands, action))
    if action is TransferAction.CONTEST and due_at is not None and now >= due_at:
        raise ContestLapsed
    transfer.since, transfer.overdue_at = now, None
    n = len(await queries.steps(session, transfer.id)) + 1
    session.add(_step(transfer, n, due_at, by, now, motion))
    await _start_clock(session, transfer, now)
    act = Act.DECIDE_TRANSFER if action in DECIDED_BY_HEAD else Act.WORK_ON_TEAM
    _touched(session, accident, transfer, act, by, now)
    return transfer


async def _refuse_wrong_post(
    session: AsyncSession,
    transfer: Transfer,
    accident: Accident,
    action: TransferAction,
    by: Principal,
) -> None:
    """The head decides, and not on their own proposal; the team does the rest."""
    if action not in DECIDED_BY_HEAD:
        await teams.acting(session, accident=accident, by=by)
        return
    POLICIES.require(by, Act.DECIDE_TRANSFER, on=transfer, seen_by=Act.READ_TRANSFERS)
    refuse_below(by, Act.DECIDE_TRANSFER, unit=transfer.unit)
    if by.subject == transfer.proposed_by:
        raise OwnProposal


def _step(
    transfer: Transfer,
    n: int,
    due_at: datetime | None,
    by: Principal,
    now: datetime,
    motion: Motion,
) -> TransferStep:
    late = ceil((now - due_at).total_seconds()) if due_at is not None else 0
    return TransferStep(
        region_code=transfer.region_code,
        enterprise_uscc=transfer.enterprise_uscc,
        transfer_id=transfer.id,
        n=n,
        status=transfer.status,
        at=now,
        by=by.subject,
        due_at=due_at,
        late_by_seconds=max(late, 0),
        reference=motion.reference,
        note=motion.note,
    )


async def _start_clock(session: AsyncSession, transfer: Transfer, now: datetime) -> None:
    clock = CLOCKS.get(transfer.stands)
    due = rules.step_due(clock, since=now, days_off=holidays.calendar())
    if due is None:
        transfer.due_at = transfer.rule = None
        await timers.cancel(session, kind=TRANSFER_DUE, entity_id=str(transfer.id), now=now)
        return
    transfer.due_at, transfer.rule = due.at, due.rule
    await timers.arm(
        session,
        kind=TRANSFER_DUE,
        entity_id=str(transfer.id),
        due_at=due.at,
        rule=due.rule,
        reason=transfer.status,
    )


async def mark_overdue(session: AsyncSession, *, transfer_id: UUID, now: datetime) -> None:
    """The clock of the present state ran out; its unit is alarmed, once per state."""
    transfer, accident = await _held(session, transfer_id)
    due_at = transfer.due_at
    if due_at is None or transfer.overdue_at is not None or now < due_at:
        return
    if transfer.stands in MAY_LAPSE:
        return
    transfer.overdue_at = now
    tell_missed(
        session,
        accident=accident,
        kind=DeadlineKind.TRANSFER,
        entity_id=transfer.id,
        unit=transfer.unit,
        due_at=due_at,
        now=now,
    )


async def _held(session: AsyncSession, transfer_id: UUID) -> tuple[Transfer, Accident]:
    transfer = await queries.get(session, transfer_id)
    accident = await accidents.get(session, transfer.accident_id, lock=True)
    await session.refresh(transfer)
    return transfer, accident


def _touched(
    session: AsyncSession,
    accident: Accident,
    transfer: Transfer,
    act: Act,
    by: Principal,
    now: datetime,
) -> None:
    touched(
        session,
        accident=accident,
        act=act,
        entity="transfer",
        entity_id=transfer.id,
        by=by,
        now=now,
    )
