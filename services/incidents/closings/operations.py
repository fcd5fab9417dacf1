"""Answering the four questions, closing a case, and reopening a closed one as a new generation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import (
    ClockMove,
    InvestigationClosed,
    InvestigationReopened,
)
from kernel import calendar
from kernel.access import Principal
from kernel.outbox import publish
from services.incidents.clocks import operations as clocks
from services.incidents.closings import domain, queries
from services.incidents.closings.domain import NotClosed, Question, QuestionsOpen
from services.incidents.closings.tables import ClosingCheck
from services.incidents.investigations import domain as life
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations.domain import InvestigationAction, InvestigationStatus
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import Act


async def answer(
    session: AsyncSession,
    *,
    accident_id: UUID,
    question: Question,
    met: bool,
    evidence: str,
    by: Principal,
    now: datetime,
) -> ClosingCheck:
    """Answer one of the four questions with its evidence; earlier answers stay."""
    accident, case = await investigations.conduct(
        session,
        act=Act.CHECK,
        accident_id=accident_id,
        action=InvestigationAction.CHECK,
        by=by,
        now=now,
    )
    before = (await queries.answers(session, case)).get(question)
    row = ClosingCheck(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        generation=case.generation,
        question=str(question),
        version=before.version + 1 if before else 1,
        met=met,
        evidence=evidence,
        checked_at=now,
        checked_by=by.subject,
        unit=by.unit,
    )
    session.add(row)
    investigations.changed(
        session,
        accident=accident,
        investigation=case,
        action=InvestigationAction.CHECK,
        by=by,
        now=now,
        question=str(question),
        met=met,
    )
    return row


async def close(
    session: AsyncSession, *, accident_id: UUID, by: Principal, now: datetime
) -> Investigation:
    """Close a published case once all four questions are settled."""
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.DECIDE, by=by, now=now
    )
    investigations.refuse_others(case, by=by)
    case.status = str(life.after(case.stands, InvestigationAction.CLOSE))
    given = await queries.answers(session, case)
    unsettled = domain.unsettled({question: row.met for question, row in given.items()})
    if unsettled:
        raise QuestionsOpen(unsettled=unsettled)
    case.closed_at = now
    publish(
        session,
        InvestigationClosed(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            generation=case.generation,
            grade=accident.current_grade,
            closed_on=calendar.day_of(now),
        ),
    )
    action = InvestigationAction.CLOSE
    investigations.changed(
        session, accident=accident, investigation=case, action=action, by=by, now=now
    )
    return case


async def reopen(
    session: AsyncSession,
    *,
    accident_id: UUID,
    reason: str,
    document: str,
    by: Principal,
    now: datetime,
) -> Investigation:
    """The government that now has authority approves a new generation; the old one stays."""
    accident, before = await investigations.hold(
        session, accident_id=accident_id, act=Act.DECIDE, by=by, now=now
    )
    life.refuse_others(by, holder=accident.investigating_unit, level=accident.current_level)
    if before.stands is not InvestigationStatus.CLOSED:
        raise NotClosed(investigation_status=before.status)
    case = investigations.next_generation(
        accident, before=before, reason=reason, document=document, by=by, now=now
    )
    session.add(case)
    await session.flush()
    await clocks.rearm(session, accident=accident, case=case, because=ClockMove.REOPENED, now=now)
    publish(
        session,
        InvestigationReopened(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            generation=case.generation,
            level=case.held_at,
            unit=case.unit,
            grade=accident.current_grade,
        ),
    )
    investigations.changed(
        session,
        accident=accident,
        investigation=case,
        action=InvestigationAction.REOPEN,
        by=by,
        now=now,
    )
    return case
