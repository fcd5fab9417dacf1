"""Making a finding, and what follows from concealment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import FindingMade
from kernel import audit, calendar
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import terms
from reference.terms import FindingStatus
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries
from services.incidents.findings.tables import Finding
from services.incidents.investigations import operations as investigations
from services.incidents.investigations import rules
from services.incidents.policies import POLICIES, Act


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
    """State that a report fell short; a binding ground lifts the investigation at once."""
    accident = await queries.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.FIND, on=accident, seen_by=Act.READ)
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
    publish(
        session,
        FindingMade(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            finding_id=finding.id,
            kind=kind,
            grade=accident.current_grade,
            status=status,
        ),
    )
    ground = rules.escalation(
        finding=kind, status=status, grade=accident.current_grade, on=calendar.day_of(now)
    )
    if ground is not None:
        investigations.escalate(session, accident=accident, ground=ground, now=now)
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=Act.FIND, entity="finding", entity_id=finding.id)
    return finding
