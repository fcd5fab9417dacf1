"""Writing the report of an investigation, handing it in, and the government's decision."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import ClockMove, InvestigationApproved
from kernel.access import Principal
from kernel.outbox import publish
from services.incidents.accidents.tables import Accident
from services.incidents.climbs import queries as climbs
from services.incidents.clocks import operations as clocks
from services.incidents.clocks import queries as clock_queries
from services.incidents.clocks.domain import AppraisalOpen
from services.incidents.dossiers import domain, queries
from services.incidents.dossiers import operations_signing as signing
from services.incidents.dossiers.domain import ConsentMissing, Decision, Part, PartsMissing
from services.incidents.dossiers.tables import ReportPart
from services.incidents.investigations import domain as life
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations import queries as cases
from services.incidents.investigations.domain import InvestigationAction
from services.incidents.investigations.tables import Investigation, Submission
from services.incidents.policies import Act
from services.incidents.teams import operations as teams


async def write_part(
    session: AsyncSession, *, accident_id: UUID, part: Part, text: str, by: Principal, now: datetime
) -> ReportPart:
    """Write one part of the report; the versions before it stay."""
    accident, case = await investigations.conduct(
        session,
        accident_id=accident_id,
        action=InvestigationAction.WRITE,
        by=by,
        now=now,
    )
    before = (await queries.parts(session, case)).get(part)
    row = ReportPart(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        generation=case.generation,
        part=str(part),
        version=before.version + 1 if before else 1,
        text=text,
        written_at=now,
        written_by=by.subject,
    )
    session.add(row)
    investigations.changed(
        session,
        accident=accident,
        investigation=case,
        action=InvestigationAction.WRITE,
        by=by,
        now=now,
        part=str(part),
    )
    return row


async def submit(
    session: AsyncSession, *, accident_id: UUID, by: Principal, now: datetime
) -> Submission:
    """Hand the report in to the government: all six parts, from a whole team whose members have
    signed it (Decree 493, 22 and 30).
    """
    accident, case = await investigations.conduct(
        session,
        accident_id=accident_id,
        action=InvestigationAction.SUBMIT,
        by=by,
        now=now,
    )
    written = await queries.parts(session, case)
    missing = domain.missing(written)
    if missing:
        raise PartsMissing(missing=missing)
    if any(one.ended_on is None for one in await clock_queries.appraisals(session, case)):
        raise AppraisalOpen
    content = await signing.content_sha256(session, case)
    if not _left_to_the_enterprise(accident, case):
        await teams.refuse_incomplete(session, accident=accident, now=now)
        await signing.refuse_unsigned(session, case, content=content, now=now)
    case.submitted_at = now
    row = Submission(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        generation=case.generation,
        number=len(await cases.submissions(session, case)) + 1,
        parts=[f"{part}@{written[part].version}" for part in Part],
        content_sha256=content,
        submitted_at=now,
        submitted_by=by.subject,
        to_unit=case.unit,
    )
    session.add(row)
    await _settle(session, accident, case, InvestigationAction.SUBMIT, by=by, now=now)
    return row


def _left_to_the_enterprise(accident: Accident, case: Investigation) -> bool:
    """Whether the enterprise looks into it itself, with people of its own (Decree 493, 19)."""
    return case.delegated_to is not None and case.delegated_to == accident.enterprise_uscc


async def decide(
    session: AsyncSession,
    *,
    accident_id: UUID,
    decision: Decision,
    reason: str,
    document: str,
    by: Principal,
    now: datetime,
) -> Submission:
    """The government that holds the case approves its report or returns it (Decree 493, 32)."""
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.DECIDE, by=by, now=now
    )
    investigations.refuse_others(case, by=by)
    approves = decision is Decision.APPROVED
    action = InvestigationAction.APPROVE if approves else InvestigationAction.RETURN
    case.status = str(life.after(case.stands, action))
    listing = await climbs.listing(session, case)
    submission = await cases.undecided(session, case)
    assert submission is not None
    if approves and listing is not None and not listing.agrees_to(submission.number):
        raise ConsentMissing(list_of=listing.unit)
    submission.decision, submission.reason, submission.document = str(decision), reason, document
    submission.decided_at, submission.decided_by = now, by.subject
    if approves:
        case.approved_at = now
        publish(session, _approved(accident, case, now))
    await _settle(session, accident, case, action, by=by, now=now)
    return submission


def _approved(accident: Accident, case: Investigation, now: datetime) -> InvestigationApproved:
    return InvestigationApproved(
        occurred_at=now,
        accident_id=accident.id,
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        generation=case.generation,
        level=case.held_at,
        unit=case.unit,
        grade=accident.current_grade,
    )


_MOVES: Mapping[InvestigationAction, ClockMove] = {
    InvestigationAction.SUBMIT: ClockMove.SUBMITTED,
    InvestigationAction.RETURN: ClockMove.RETURNED,
    InvestigationAction.APPROVE: ClockMove.APPROVED,
}
"""Why the clock moves when the report does."""


async def _settle(
    session: AsyncSession,
    accident: Accident,
    case: Investigation,
    action: InvestigationAction,
    *,
    by: Principal,
    now: datetime,
) -> None:
    await session.flush()
    await clocks.rearm(session, accident=accident, case=case, because=_MOVES[action], now=now)
    investigations.changed(
        session, accident=accident, investigation=case, action=action, by=by, now=now
    )
