"""Taking evidence in, handing it on, withdrawing it, and reading it back verified."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.files import KeptFile
from kernel.ids import uuid7
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.evidence import queries
from services.incidents.evidence.domain import FIRST, EvidenceWithdrawn
from services.incidents.evidence.schemas import Described, HandOver, is_unbroken, link_of
from services.incidents.evidence.tables import Custody, Evidence, Withdrawal
from services.incidents.periods.operations import touched
from services.incidents.policies import Act
from services.incidents.teams import operations as teams


async def refuse_strangers(session: AsyncSession, *, accident_id: UUID, by: Principal) -> None:
    """Only the team hands evidence in; asked before a file is received at all."""
    accident = await accidents.get(session, accident_id)
    await teams.acting(session, accident=accident, by=by)


async def take_in(
    session: AsyncSession, *, described: Described, file: KeptFile, by: Principal, now: datetime
) -> tuple[Evidence, bool]:
    """Enter a stored file as evidence; the same file again is the item that it is already.

    Whether it is new stands beside it.
    """
    accident = await accidents.get(session, described.accident_id, lock=True)
    await teams.acting(session, accident=accident, by=by)
    known = await queries.with_file(session, accident.id, file.sha256)
    if known is not None:
        return known, False
    evidence = Evidence(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        kind=str(described.kind),
        title=described.title,
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        collected_at=described.collected_at,
        taken_in_at=now,
        taken_in_by=by.subject,
    )
    session.add(evidence)
    await session.flush()
    first = HandOver(taker=described.taker, unit=by.unit, why=described.why)
    _add_custody(session, evidence, None, first, giver=described.giver, by=by, now=now)
    _touched(session, accident, evidence, by, now)
    return evidence, True


def _add_custody(
    session: AsyncSession,
    evidence: Evidence,
    before: Custody | None,
    handed: HandOver,
    *,
    giver: str,
    by: Principal,
    now: datetime,
) -> Custody:
    row = Custody(
        region_code=evidence.region_code,
        enterprise_uscc=evidence.enterprise_uscc,
        id=uuid7(),
        evidence_id=evidence.id,
        n=before.n + 1 if before else 1,
        giver=giver,
        taker=handed.taker,
        unit=handed.unit,
        why=handed.why,
        at=now,
        by=by.subject,
    )
    row.link = link_of(before.link if before else FIRST, row)
    session.add(row)
    return row


async def hand_over(
    session: AsyncSession, *, evidence_id: UUID, handed: HandOver, by: Principal, now: datetime
) -> Custody:
    """Who has an item gives it to somebody else."""
    evidence, accident = await _held(session, evidence_id, by)
    last = (await queries.custody(session, evidence.id))[-1]
    row = _add_custody(session, evidence, last, handed, giver=last.taker, by=by, now=now)
    _touched(session, accident, evidence, by, now)
    return row


async def withdraw(
    session: AsyncSession, *, evidence_id: UUID, reason: str, by: Principal, now: datetime
) -> Withdrawal:
    """Say that an item no longer counts; nothing of it is deleted."""
    evidence, accident = await _held(session, evidence_id, by)
    row = Withdrawal(
        region_code=evidence.region_code,
        enterprise_uscc=evidence.enterprise_uscc,
        evidence_id=evidence.id,
        reason=reason,
        at=now,
        by=by.subject,
    )
    session.add(row)
    _touched(session, accident, evidence, by, now)
    return row


async def _held(
    session: AsyncSession, evidence_id: UUID, by: Principal
) -> tuple[Evidence, Accident]:
    """An item that still counts, under its accident's lock: its own rows cannot be locked."""
    evidence = await queries.get(session, evidence_id)
    accident = await accidents.get(session, evidence.accident_id, lock=True)
    await teams.acting(session, accident=accident, by=by)
    if await queries.withdrawals(session, evidence.id):
        raise EvidenceWithdrawn
    return evidence, accident


async def readable(session: AsyncSession, *, evidence_id: UUID, by: Principal) -> Evidence:
    """An item that the actor, a member of the team, may read; the reading is on record."""
    evidence = await queries.get(session, evidence_id)
    accident = await accidents.get(session, evidence.accident_id)
    await teams.acting(session, accident=accident, by=by)
    audit.note(session, by=by, act=Act.READ_EVIDENCE, entity="evidence", entity_id=evidence.id)
    return evidence


async def unbroken(session: AsyncSession, evidence: Evidence) -> bool:
    """Whether no hand-over of an item was altered or is missing."""
    return is_unbroken(await queries.custody(session, evidence.id))


def _touched(
    session: AsyncSession, accident: Accident, evidence: Evidence, by: Principal, now: datetime
) -> None:
    touched(
        session,
        accident=accident,
        act=Act.WORK_ON_TEAM,
        entity="evidence",
        entity_id=evidence.id,
        by=by,
        now=now,
    )
