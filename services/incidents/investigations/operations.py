"""Giving an investigation to a level, lifting it to a higher one, and publishing its report."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import InvestigationEscalated, InvestigationPublished
from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload
from reference.national.rows import Escalation
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.investigations import domain, queries, rules
from services.incidents.investigations.domain import (
    UNDECIDED,
    AlreadyPublished,
    AssignmentReason,
    InvestigationAction,
    InvestigationStatus,
    NotTheTeam,
)
from services.incidents.investigations.rules import Authority, Inquiry
from services.incidents.investigations.tables import Assignment, Investigation, Publication
from services.incidents.policies import POLICIES, Act

SUPERSEDED = "superseded"
"""What became of a report when another government took the case before it decided."""


def assign(
    session: AsyncSession,
    *,
    accident: Accident,
    authority: Authority,
    reason: AssignmentReason,
    rule: str,
    now: datetime,
) -> None:
    """Give the investigation to a level; the holder before stays on record."""
    accident.investigating_level = str(authority.level)
    accident.investigating_unit = authority.unit
    session.add(
        Assignment.new(
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            accident_id=accident.id,
            version=accident.version + 1,  # the change that this is part of
            level=str(authority.level),
            unit=authority.unit,
            reason=str(reason),
            rule=rule,
            assigned_at=now,
        )
    )


def authority_over(accident: Accident, *, now: datetime) -> Authority:
    """Who investigates an accident as it stands."""
    return rules.authority(
        regime=accident.under,
        grade=accident.current_grade,
        region=accident.region_code,
        on=calendar.day_of(accident.occurred_at),
        today=calendar.day_of(now),
        levels_up=accident.levels_up,
    )


def escalate(
    session: AsyncSession, *, accident: Accident, ground: Escalation, now: datetime
) -> None:
    """Lift the investigation by what the ground says; a case climbs so only once."""
    if accident.levels_up:
        return
    before = accident.current_level
    accident.levels_up = ground.levels_up
    authority = authority_over(accident, now=now)
    if authority.level is before:
        return
    assign(
        session,
        accident=accident,
        authority=authority,
        reason=AssignmentReason.ESCALATED,
        rule=ground.rule,
        now=now,
    )
    publish(
        session,
        InvestigationEscalated(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            from_level=before,
            to_level=authority.level,
            to_unit=authority.unit,
            grade=accident.current_grade,
            rule=ground.rule,
        ),
    )


async def publish_report(
    session: AsyncSession,
    *,
    accident_id: UUID,
    published_on: date,
    title: str,
    url: str | None,
    by: Principal,
    now: datetime,
) -> Publication:
    """Record that the report of an investigation was published (Work Safety Law, 86)."""
    accident, case = await hold(session, accident_id=accident_id, act=Act.PUBLISH, by=by, now=now)
    if await session.get(Publication, (accident_id, case.generation)) is not None:
        raise AlreadyPublished
    case.status = str(domain.after(case.stands, InvestigationAction.PUBLISH))
    _refuse_too_early(published_on, case)
    case.published_at = now
    await stop_clocks(session, case=case, now=now)
    publication = Publication.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        generation=case.generation,
        published_on=published_on,
        title=title,
        url=url,
        recorded_at=now,
        recorded_by=by.subject,
        unit=by.unit,
    )
    session.add(publication)
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=Act.PUBLISH, entity=accidents.ENTITY, entity_id=accident.id)
    publish(
        session,
        InvestigationPublished(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            grade=accident.current_grade,
            published_on=published_on,
        ),
    )
    return publication


def _refuse_too_early(published_on: date, case: Investigation) -> None:
    """A report is not published before it was approved."""
    if case.approved_at is not None and published_on < calendar.day_of(case.approved_at):
        zh, en = "不得早于批复之日", "expected a day that is not before the approval"
        raise InvalidPayload(
            FieldFault(pointer="/published_on", code="before_approval", zh=zh, en=en)
        )


async def current(session: AsyncSession, *, accident: Accident, now: datetime) -> Investigation:
    """The newest generation of an accident's investigation, opened if there is none.

    The accident is locked by the caller, so that there is never a second first one.
    """
    found = await queries.newest(session, accident.id)
    if found is None:
        found = _first(accident, now=now)
        session.add(found)
        await session.flush()
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
        inquiry=str(rules.inquiry(accident.figures, on=day)),
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
    """Go where the accident's authority has gone, and look into what its figures now are."""
    day = calendar.day_of(accident.occurred_at)
    inquiry = rules.inquiry(accident.figures, on=day)
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


def refuse_strangers(investigation: Investigation, *, by: Principal) -> None:
    """It is conducted at the holder's level or above, or by whom the holder entrusted."""
    entrusted = investigation.delegated_to in {by.unit, by.uscc} - {None}
    as_high = by.uscc is None and domain.is_as_high(by, investigation.held_at)
    if not (by.is_system or entrusted or as_high):
        raise NotTheTeam(holder=investigation.unit)


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
    accident, case = await hold(
        session, accident_id=accident_id, act=Act.INVESTIGATE, by=by, now=now
    )
    refuse_strangers(case, by=by)
    case.status = str(domain.after(case.stands, InvestigationAction.BEGIN))
    case.began_at = now
    action = InvestigationAction.BEGIN
    changed(session, accident=accident, investigation=case, action=action, by=by, now=now)
    return case


async def stop_clocks(session: AsyncSession, *, case: Investigation, now: datetime) -> None:
    """Call off the limit that ran and its warning."""
    thing = domain.case_of(case.accident_id, case.generation)
    for kind in (domain.INVESTIGATION_DUE, domain.INVESTIGATION_WARNING):
        await timers.cancel(session, kind=kind, entity_id=thing, now=now)
