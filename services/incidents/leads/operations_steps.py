"""What every handling of a lead does: move it, keep the step, start and stop its clocks."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import LeadUnmatched
from kernel import audit, timers
from kernel.access import Principal
from kernel.ids import uuid7
from reference.terms import LeadStep
from services.incidents.leads import domain, rules
from services.incidents.leads.domain import LeadAction
from services.incidents.leads.tables import Lead, LeadEntry

ENTITY = "lead"
FIRST_CHECK_DUE, RESULT_DUE = "lead_first_check_due", "lead_result_due"
CLOCKS = {LeadStep.FIRST_CHECK: FIRST_CHECK_DUE, LeadStep.RESULT: RESULT_DUE}


async def owe_check(
    session: AsyncSession, lead: Lead, *, by: Principal, now: datetime, note: str | None = None
) -> None:
    """Put a lead on its clocks, which run from its receipt (Order 21, 12)."""
    step_on(session, lead, LeadAction.CHECK, by=by, now=now, note=note)
    dues = {step: rules.check_due(step, received_at=lead.received_at) for step in LeadStep}
    lead.first_check_due_at = dues[LeadStep.FIRST_CHECK].at
    lead.result_due_at = dues[LeadStep.RESULT].at
    for step, due in dues.items():
        await timers.arm(
            session,
            kind=CLOCKS[step],
            entity_id=str(lead.id),
            due_at=due.at,
            rule=due.row.rule,
            reason=note and "match doubted",
        )


def unmatched(lead: Lead, *, now: datetime) -> LeadUnmatched:
    assert lead.first_check_due_at is not None
    assert lead.result_due_at is not None
    return LeadUnmatched(
        occurred_at=now,
        lead_id=lead.id,
        region_code=lead.region_code,
        enterprise_uscc=lead.enterprise_uscc,
        source=lead.said_by,
        unit=lead.unit,
        happened_at=lead.occurred_at,
        deaths_alleged=lead.deaths_alleged,
        reported_as=lead.accident_id,
        first_check_due_at=lead.first_check_due_at,
        result_due_at=lead.result_due_at,
    )


def step_on(
    session: AsyncSession,
    lead: Lead,
    action: LeadAction,
    *,
    by: Principal,
    now: datetime,
    note: str | None = None,
) -> None:
    """Move a lead, and keep who moved it, when and why."""
    lead.status = str(domain.after(lead.stands, action))
    entry = LeadEntry.new(
        region_code=lead.region_code,
        enterprise_uscc=lead.enterprise_uscc,
        id=uuid7(),
        lead_id=lead.id,
        at=now,
        action=str(action),
        status=lead.status,
        made_by=by.subject,
        unit=by.unit,
        note=note,
        accident_id=lead.accident_id,
    )
    session.add(entry)
    audit.note(session, by=by, act=f"lead.{action}", entity=ENTITY, entity_id=lead.id)


async def stop_clocks(session: AsyncSession, lead: Lead, *, now: datetime) -> None:
    for kind in CLOCKS.values():
        await timers.cancel(session, kind=kind, entity_id=str(lead.id), now=now)
