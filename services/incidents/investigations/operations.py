"""Giving an investigation to a level, lifting it to a higher one, and publishing its report."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import InvestigationEscalated, InvestigationPublished
from kernel import audit, calendar
from kernel.access import Principal
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload
from reference.national.rows import Escalation
from services.incidents.accidents import operations as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.investigations import domain, queries, rules
from services.incidents.investigations import operations_cases as cases
from services.incidents.investigations.domain import (
    AlreadyPublished,
    AssignmentReason,
    InvestigationAction,
    InvestigationStatus,
)
from services.incidents.investigations.rules import Authority
from services.incidents.investigations.tables import Assignment, Investigation, Publication
from services.incidents.policies import Act


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


def settle(
    session: AsyncSession, *, accident: Accident, reason: AssignmentReason, now: datetime
) -> None:
    """Give the case to whoever investigates an accident as it stands; a holder keeps its own."""
    authority = authority_over(accident, now=now)
    held = accident.investigating_level, accident.investigating_unit
    if (str(authority.level), authority.unit) != held:
        assign(
            session,
            accident=accident,
            authority=authority,
            reason=reason,
            rule=authority.rule,
            now=now,
        )


def escalate(
    session: AsyncSession, *, accident: Accident, ground: Escalation, now: datetime
) -> None:
    """Lift the investigation by what the ground says; a case climbs so only once."""
    if not accident.levels_up:
        _lift(session, accident, ground.levels_up, rule=ground.rule, now=now)


async def carry_over(
    session: AsyncSession, *, kept: Accident, gone: Accident, now: datetime
) -> None:
    """What lifted the investigation of an accident holds for the one that it goes on as."""
    if kept.levels_up or not gone.levels_up:
        return
    held = await queries.assignments(session, gone.id)
    climbed = [one.rule for one in held if one.reason == AssignmentReason.ESCALATED]
    # At the top a ground lifts nothing and leaves no rule; nor will it lift this one.
    rule = climbed[-1] if climbed else authority_over(kept, now=now).rule
    _lift(session, kept, gone.levels_up, rule=rule, now=now)
    accidents.record_change(session, accident=kept, now=now)


def _lift(
    session: AsyncSession, accident: Accident, levels_up: int, *, rule: str, now: datetime
) -> None:
    """Give the case to so many levels above; at the top there is nobody to give it to."""
    before = accident.current_level
    accident.levels_up = levels_up
    authority = authority_over(accident, now=now)
    if authority.level is before:
        return
    assign(
        session,
        accident=accident,
        authority=authority,
        reason=AssignmentReason.ESCALATED,
        rule=rule,
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
            rule=rule,
        ),
    )


async def publish_report(
    session: AsyncSession,
    *,
    accident_id: UUID,
    published_on: date,
    title: str,
    url: str | None,
    source: str | None,
    by: Principal,
    now: datetime,
) -> Publication:
    """Record that the report of an investigation was published (Work Safety Law, 86).

    `source` says where a level below the holder has it from.
    """
    accident, case = await cases.hold(
        session, accident_id=accident_id, act=Act.PUBLISH, by=by, now=now
    )
    if await session.get(Publication, (accident_id, case.generation)) is not None:
        raise AlreadyPublished
    _refuse_lower(case, source=source, by=by)
    case.status = str(domain.after(case.stands, InvestigationAction.PUBLISH))
    _refuse_too_early(published_on, case)
    case.published_at = now
    await cases.stop_clocks(session, case=case, now=now)
    publication = Publication.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        accident_id=accident.id,
        generation=case.generation,
        published_on=published_on,
        title=title,
        url=url,
        source=source,
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
            generation=case.generation,
        ),
    )
    return publication


def _refuse_lower(case: Investigation, *, source: str | None, by: Principal) -> None:
    """A case that was begun here is its holder's to end."""
    informed = source is not None and case.stands is InvestigationStatus.OPEN
    domain.refuse_lower(by, holder=case.unit, level=case.held_at, informed=informed)


def _refuse_too_early(published_on: date, case: Investigation) -> None:
    """A report is not published before its case began, nor before it was approved."""
    if published_on < case.starts_on:
        zh, en = "不得早于调查起算之日", "expected a day that is not before the case began"
        raise _too_early("before_beginning", zh, en)
    if case.approved_at is not None and published_on < calendar.day_of(case.approved_at):
        zh, en = "不得早于批复之日", "expected a day that is not before the approval"
        raise _too_early("before_approval", zh, en)


def _too_early(code: str, zh: str, en: str) -> InvalidPayload:
    return InvalidPayload(FieldFault(pointer="/published_on", code=code, zh=zh, en=en))
