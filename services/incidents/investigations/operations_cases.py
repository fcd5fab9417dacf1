"""The case itself: opened once, following its authority, held while somebody acts on it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import Principal
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.investigations import domain, queries, rules
from services.incidents.investigations.domain import (
    UNDECIDED,
    InvestigationAction,
    InvestigationStatus,
    NotTheTeam,
)
from services.incidents.investigations.rules import Inquiry
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import POLICIES, Act
from services.incidents.teams import operations as teams

SUPERSEDED = "superseded"
"""What became of a report when another government took the case before it decided."""


async def current(session: AsyncSession, *, accident: Accident, now: datetime) -> Investigation:
    """The newest generation of an accident's investigation, opened if there is none.

    The accident is locked by the caller, so that there is never a second first one.
    """
    found = await queries.newest(session, accident.id)
    if found is None:
        found = _first(accident, now=now)
        session.add(found)
    elif found.stands in UNDECIDED:
        await follow(session, investigation=found, accident=accident, now=now)
    return found


async def seen(session: AsyncSession, *, accident: Accident, now: datetime) -> Investigation:
    """The newest generation to look at; one that nobody has opened yet is shown, not stored."""
    return await queries.newest(session, accident.id) or _first(accident, now=now)


def _first(accident: Accident, *, now: datetime) -> Investigation:
    day = calendar.day_of(accident.occurred_at)
    return Investigation(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        generation=1,
        status=str(InvestigationStatus.OPEN),
        level=accident.investigating_level,
        unit=accident.investigating_unit,
        inquiry=str(rules.inquiry(accident.figures, risks=accident.risk_grounds)),
        starts_on=day,
        opened_at=now,
    )


def next_generation(
    accident: Accident,
    *,
    before: Investigation,
    reason: str,
    document: str,
    by: Principal,
    now: datetime,
) -> Investigation:
    """A reopened investigation: its own clock from today, and why it was approved."""
    case = _first(accident, now=now)
    case.generation = before.generation + 1
    case.starts_on = calendar.day_of(now)
    case.reason, case.document, case.opened_by = reason, document, by.subject
    return case


async def follow(
    session: AsyncSession, *, investigation: Investigation, accident: Accident, now: datetime
) -> None:
    """Go where the accident's authority has gone, and look into what its figures now are.

    The first one runs from the day of the accident, corrected or not (Decree 493, 29).
    """
    if investigation.generation == 1:
        investigation.starts_on = calendar.day_of(accident.occurred_at)
    inquiry = rules.inquiry(accident.figures, risks=accident.risk_grounds)
    investigation.inquiry = str(inquiry)
    if inquiry is Inquiry.CASUALTIES and investigation.delegated_to == accident.enterprise_uscc:
        investigation.delegated_to = None  # an enterprise may only look into what harmed nobody
    if investigation.unit == accident.investigating_unit:
        return
    submission = await queries.undecided(session, investigation)
    if submission is not None:
        submission.decision, submission.decided_at = SUPERSEDED, now
    investigation.status = str(domain.after(investigation.stands, InvestigationAction.MOVE))
    investigation.level = accident.investigating_level
    investigation.unit = accident.investigating_unit
    investigation.delegated_to = None


async def hold(
    session: AsyncSession, *, accident_id: UUID, act: Act, by: Principal, now: datetime
) -> tuple[Accident, Investigation]:
    """The accident, locked, and its investigation, once the actor may do that act at all."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    POLICIES.require(by, act, on=accident, seen_by=Act.READ)
    return accident, await current(session, accident=accident, now=now)


def refuse_others(investigation: Investigation, *, by: Principal) -> None:
    """Only the government of the level that holds the investigation decides on it."""
    domain.refuse_others(by, holder=investigation.unit, level=investigation.held_at)


async def _refuse_strangers(
    session: AsyncSession, investigation: Investigation, *, by: Principal
) -> None:
    """It is conducted at the holder's level or above, or by whom the holder entrusted.

    Whoever had to stand aside from its team has no part in it either (Decree 493, 23).
    """
    entrusted = investigation.delegated_to in {by.unit, by.uscc} - {None}
    as_high = by.uscc is None and domain.is_as_high(by, investigation.held_at)
    if not (by.is_system or entrusted or as_high):
        raise NotTheTeam(holder=investigation.unit)
    await teams.refuse_recused(session, accident_id=investigation.accident_id, by=by)


async def conduct(
    session: AsyncSession,
    *,
    accident_id: UUID,
    action: InvestigationAction,
    by: Principal,
    now: datetime,
    act: Act = Act.INVESTIGATE,
) -> tuple[Accident, Investigation]:
    """The same for whoever conducts it, with the case moved on by what is about to be done."""
    accident, case = await hold(session, accident_id=accident_id, act=act, by=by, now=now)
    await _refuse_strangers(session, case, by=by)
    case.status = str(domain.after(case.stands, action))
    return accident, case


def changed(
    session: AsyncSession,
    *,
    accident: Accident,
    investigation: Investigation,
    action: InvestigationAction,
    by: Principal,
    now: datetime,
    **detail: object,
) -> None:
    """Count the change of the accident and leave the audit note of an act."""
    accidents.record_change(session, accident=accident, now=now)
    audit.note(
        session,
        by=by,
        act=f"investigation.{action}",
        entity="investigation",
        entity_id=domain.case_of(accident.id, investigation.generation),
        detail=detail,
    )


async def begin(
    session: AsyncSession, *, accident_id: UUID, by: Principal, now: datetime
) -> Investigation:
    """Set the investigation going."""
    action = InvestigationAction.BEGIN
    accident, case = await conduct(session, accident_id=accident_id, action=action, by=by, now=now)
    case.began_at = now
    changed(session, accident=accident, investigation=case, action=action, by=by, now=now)
    return case


async def stop_clocks(session: AsyncSession, *, case: Investigation, now: datetime) -> None:
    """Call off the limit that ran and its warning."""
    thing = domain.case_of(case.accident_id, case.generation)
    for kind in (domain.INVESTIGATION_DUE, domain.INVESTIGATION_WARNING):
        await timers.cancel(session, kind=kind, entity_id=thing, now=now)
