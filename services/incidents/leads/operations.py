"""Checking a lead, settling it, and finding out that nobody did."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import LeadOverdue, LeadSettled
from kernel import timers
from kernel.access import Principal
from kernel.outbox import publish
from reference import terms
from reference.terms import FindingStatus, LeadStep
from services.incidents.accidents import queries as accidents
from services.incidents.findings import operations as findings
from services.incidents.leads import operations_steps as steps
from services.incidents.leads import queries, rules
from services.incidents.leads.domain import (
    FirstCheckDone,
    LeadAction,
    StillUnreported,
    refuse_suspicion,
)
from services.incidents.leads.tables import Lead
from services.incidents.policies import POLICIES, Act
from services.incidents.reach import refuse_below


async def _for_checking(session: AsyncSession, lead_id: UUID, by: Principal) -> Lead:
    lead = await queries.get(session, lead_id, lock=True)
    POLICIES.require(by, Act.CHECK_LEAD, on=lead, seen_by=Act.READ_LEADS)
    refuse_below(by, Act.CHECK_LEAD, unit=lead.unit)
    return lead


async def link(
    session: AsyncSession,
    *,
    lead_id: UUID,
    accident_id: UUID,
    note: str,
    by: Principal,
    now: datetime,
) -> Lead:
    """Say that the accident was reported after all, with all its dead: no check is owed."""
    lead = await _for_checking(session, lead_id, by)
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    if rules.unreported_deaths(alleged=lead.deaths_alleged, counted=accident.figures):
        raise StillUnreported
    match = rules.score(queries.sighting(lead), queries.sighting(accident))
    lead.accident_id, lead.unreported_deaths = accident.id, 0
    lead.score, lead.reasons = match.score, [str(reason) for reason in match.reasons]
    steps.step_on(session, lead, LeadAction.MATCH, by=by, now=now, note=note)
    await steps.stop_clocks(session, lead, now=now)
    return lead


async def doubt(
    session: AsyncSession, *, lead_id: UUID, note: str, by: Principal, now: datetime
) -> Lead:
    """Say that a match is wrong: the check is owed, from the day the lead was received."""
    lead = await _for_checking(session, lead_id, by)
    await steps.owe_check(session, lead, by=by, now=now, note=note)
    lead.accident_id, lead.score, lead.reasons = None, 0, []
    publish(session, steps.unmatched(lead, now=now))
    return lead


async def report_first_check(
    session: AsyncSession, *, lead_id: UUID, note: str, by: Principal, now: datetime
) -> Lead:
    """Record what the first check found; the result is still owed."""
    lead = await _for_checking(session, lead_id, by)
    steps.step_on(session, lead, LeadAction.FIRST_CHECK, by=by, now=now, note=note)
    if lead.first_checked_at is not None:
        raise FirstCheckDone
    lead.first_checked_at = now
    await timers.cancel(session, kind=steps.FIRST_CHECK_DUE, entity_id=str(lead.id), now=now)
    return lead


async def confirm(
    session: AsyncSession,
    *,
    lead_id: UUID,
    accident_id: UUID,
    status: FindingStatus,
    evidence: str,
    by: Principal,
    now: datetime,
) -> Lead:
    """Find that the accident was concealed; the finding lifts the investigation.

    A desk that only suspects it states a suspicion, and whoever judges it confirms the lead.
    """
    refuse_suspicion(status)
    lead = await _for_checking(session, lead_id, by)
    accident = await accidents.get(session, accident_id, lock=True)
    lead.accident_id = accident.id
    steps.step_on(session, lead, LeadAction.CONFIRM, by=by, now=now, note=evidence)
    finding = await findings.make_finding(
        session,
        accident_id=accident_id,
        kind=terms.Finding.CONCEALED,
        status=status,
        evidence=evidence,
        by=by,
        now=now,
    )
    await session.flush()
    lead.finding_id = finding.id
    await _settle(session, lead, confirmed=True, now=now)
    return lead


async def dismiss(
    session: AsyncSession, *, lead_id: UUID, note: str, by: Principal, now: datetime
) -> Lead:
    """Find that nothing was concealed, and say why."""
    lead = await _for_checking(session, lead_id, by)
    steps.step_on(session, lead, LeadAction.DISMISS, by=by, now=now, note=note)
    await _settle(session, lead, confirmed=False, now=now)
    return lead


async def _settle(session: AsyncSession, lead: Lead, *, confirmed: bool, now: datetime) -> None:
    lead.settled_at = now
    lead.first_checked_at = lead.first_checked_at or now
    await steps.stop_clocks(session, lead, now=now)
    publish(
        session,
        LeadSettled(
            occurred_at=now,
            lead_id=lead.id,
            region_code=lead.region_code,
            enterprise_uscc=lead.enterprise_uscc,
            source=lead.said_by,
            unit=lead.unit,
            confirmed=confirmed,
            accident_id=lead.accident_id if confirmed else None,
        ),
    )


async def mark_overdue(
    session: AsyncSession, *, lead_id: UUID, step: LeadStep, now: datetime
) -> None:
    """The time of a step is up. If it was not done, those above are alarmed."""
    lead = await queries.get(session, lead_id, lock=True)
    if not lead.owes(step):
        return
    due = lead.first_check_due_at if step is LeadStep.FIRST_CHECK else lead.result_due_at
    assert due is not None
    if step is LeadStep.FIRST_CHECK:
        lead.first_check_overdue_at = now
    else:
        lead.result_overdue_at = now
    publish(
        session,
        LeadOverdue(
            occurred_at=now,
            lead_id=lead.id,
            region_code=lead.region_code,
            enterprise_uscc=lead.enterprise_uscc,
            source=lead.said_by,
            unit=lead.unit,
            step=step,
            due_at=due,
        ),
    )
