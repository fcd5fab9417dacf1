"""Making a finding, judging it, and what follows from concealment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import FindingDismissed, FindingMade
from kernel import audit, calendar
from kernel.access import Principal
from kernel.files import KeptFile
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import terms
from reference.terms import FindingStatus
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.findings import domain, queries
from services.incidents.findings.domain import FindingAction
from services.incidents.findings.tables import Finding, FindingFile, FindingStep
from services.incidents.investigations import operations as investigations
from services.incidents.investigations import rules
from services.incidents.policies import POLICIES, Act
from services.incidents.reach import refuse_below


async def make_finding(
    session: AsyncSession,
    *,
    accident_id: UUID,
    kind: terms.Finding,
    status: FindingStatus,
    evidence: str,
    by: Principal,
    now: datetime,
) -> Finding:
    """State that a report fell short; what is stated as confirmed confirms what somebody found.

    Others follow what is more than a suspicion: whoever states it holds a post that judges.
    """
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.FIND, on=accident, seen_by=Act.READ)
    domain.refuse_dismissed(status)
    if status in domain.TOLD:
        POLICIES.require(by, Act.JUDGE_FINDING, on=accident, seen_by=Act.READ)
    if status is FindingStatus.CONFIRMED:
        return await _confirm_kind(session, accident, kind, reason=evidence, by=by, now=now)
    finding = Finding.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        kind=str(kind),
        status=str(status),
        evidence=evidence,
        found_at=now,
        found_by=by.subject,
        unit=by.unit,
    )
    session.add(finding)
    await session.flush()
    await _follow(session, accident, finding, reason=evidence, by=by, now=now)
    audit.note(session, by=by, act=Act.FIND, entity="finding", entity_id=finding.id)
    return finding


async def _confirm_kind(
    session: AsyncSession,
    accident: Accident,
    kind: terms.Finding,
    *,
    reason: str,
    by: Principal,
    now: datetime,
) -> Finding:
    found = await queries.preliminary(session, accident.id, kind=kind)
    if found is None:
        raise domain.SecondPersonNeeded
    return await _judge(
        session, accident, found, action=FindingAction.CONFIRM, reason=reason, by=by, now=now
    )


async def judge(
    session: AsyncSession,
    *,
    finding_id: UUID,
    action: FindingAction,
    reason: str,
    by: Principal,
    now: datetime,
) -> Finding:
    """Uphold, confirm or dismiss a finding, with the reason."""
    finding = await queries.get(session, finding_id)
    accident = await accident_queries.get(session, finding.accident_id, lock=True)
    await session.refresh(finding, with_for_update=True)
    return await _judge(session, accident, finding, action=action, reason=reason, by=by, now=now)


async def _judge(
    session: AsyncSession,
    accident: Accident,
    finding: Finding,
    *,
    action: FindingAction,
    reason: str,
    by: Principal,
    now: datetime,
) -> Finding:
    POLICIES.require(by, Act.JUDGE_FINDING, on=finding, seen_by=Act.READ_FINDINGS)
    if finding.unit is not None:
        refuse_below(by, Act.JUDGE_FINDING, unit=finding.unit)
    reached = domain.after(finding.stands, action)
    before = {finding.found_by, *(s.by for s in await queries.steps(session, finding.id))}
    domain.refuse_alone(finding.stands, action, by=by.subject, before=before)
    finding.status = str(reached)
    await _follow(session, accident, finding, reason=reason, by=by, now=now)
    audit.note(session, by=by, act=f"finding.{action}", entity="finding", entity_id=finding.id)
    return finding


async def _follow(
    session: AsyncSession,
    accident: Accident,
    finding: Finding,
    *,
    reason: str,
    by: Principal,
    now: datetime,
) -> None:
    """Keep the step and tell of it; a binding ground lifts the investigation at once."""
    session.add(_step(finding, reason, by, now))
    if finding.stands in domain.TOLD:
        _tell(session, accident, finding, now)
        await _climb(session, accident, finding, now)
    elif finding.stands is FindingStatus.DISMISSED:
        _tell_dismissed(session, accident, finding, now)
    accidents.record_change(session, accident=accident, now=now)


async def _climb(
    session: AsyncSession, accident: Accident, finding: Finding, now: datetime
) -> None:
    """What was merged into another one is investigated as that one, and lifted as it."""
    goes_on, merged = accident, accident.merged_into is not None
    if merged:
        goes_on = await accident_queries.standing(session, accident.id, lock=True)
    ground = rules.escalation(
        finding=terms.Finding(finding.kind),
        status=finding.stands,
        grade=goes_on.current_grade,
        on=calendar.day_of(now),
    )
    if ground is not None:
        investigations.escalate(session, accident=goes_on, ground=ground, now=now)
        if merged:
            accidents.record_change(session, accident=goes_on, now=now)


def _step(finding: Finding, reason: str, by: Principal, now: datetime) -> FindingStep:
    return FindingStep(
        region_code=finding.region_code,
        enterprise_uscc=finding.enterprise_uscc,
        id=uuid7(),
        finding_id=finding.id,
        status=finding.status,
        at=now,
        by=by.subject,
        unit=by.unit,
        post=by.post,
        reason=reason,
    )


def _tell(session: AsyncSession, accident: Accident, finding: Finding, now: datetime) -> None:
    publish(
        session,
        FindingMade(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            finding_id=finding.id,
            kind=terms.Finding(finding.kind),
            grade=accident.current_grade,
            status=finding.stands,
        ),
    )


def _tell_dismissed(
    session: AsyncSession, accident: Accident, finding: Finding, now: datetime
) -> None:
    publish(
        session,
        FindingDismissed(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            finding_id=finding.id,
            kind=terms.Finding(finding.kind),
            grade=accident.current_grade,
        ),
    )


async def require_finder(session: AsyncSession, *, finding_id: UUID, by: Principal) -> Finding:
    """The finding, if the actor may add evidence to it."""
    finding = await queries.get(session, finding_id)
    POLICIES.require(by, Act.FIND, on=finding, seen_by=Act.READ_FINDINGS)
    return finding


async def add_file(
    session: AsyncSession,
    *,
    finding_id: UUID,
    kept: KeptFile,
    name: str,
    by: Principal,
    now: datetime,
) -> FindingFile:
    """Attach a stored file; the same content twice is one piece of evidence."""
    finding = await require_finder(session, finding_id=finding_id, by=by)
    known = await session.get(FindingFile, (finding_id, kept.sha256))
    if known is not None:
        return known
    added = FindingFile(
        region_code=finding.region_code,
        enterprise_uscc=finding.enterprise_uscc,
        finding_id=finding.id,
        sha256=kept.sha256,
        name=name,
        media_type=kept.media_type,
        size=kept.size,
        added_at=now,
        added_by=by.subject,
    )
    session.add(added)
    audit.note(
        session,
        by=by,
        act="finding.evidence",
        entity="finding",
        entity_id=finding.id,
        detail={"sha256": kept.sha256},
    )
    return added
