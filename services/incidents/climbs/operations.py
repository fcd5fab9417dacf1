"""Entrusting an investigation, and deciding on a ground for taking it up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import ClockMove
from kernel import calendar
from kernel.access import Principal
from kernel.ids import uuid7
from reference import industries, units
from reference.national.rows import Escalation
from services.incidents.accidents.tables import Accident
from services.incidents.climbs import queries, rules
from services.incidents.climbs.domain import (
    AlreadyClimbed,
    DelegationRefused,
    GroundAbsent,
    GroundBinds,
    NotTheTaker,
)
from services.incidents.climbs.rules import Ground, Known
from services.incidents.climbs.tables import Climb, Delegation
from services.incidents.clocks import operations as clocks
from services.incidents.investigations import domain as life
from services.incidents.investigations import operations as assignments
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations import rules as authorities
from services.incidents.investigations.domain import InvestigationAction
from services.incidents.investigations.rules import Authority, Inquiry
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import Act


async def delegate(
    session: AsyncSession,
    *,
    accident_id: UUID,
    to: str,
    reason: str,
    document: str,
    by: Principal,
    now: datetime,
) -> Delegation:
    """The holder entrusts a department of its level, or the enterprise (Decree 493, 19)."""
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.DECIDE, by=by, now=now
    )
    investigations.refuse_others(case, by=by)
    case.status = str(life.after(case.stands, InvestigationAction.DELEGATE))
    to_enterprise = to == accident.enterprise_uscc
    row = rules.delegation(
        regime=accident.under,
        grade=accident.current_grade,
        inquiry=Inquiry(case.inquiry),
        to_enterprise=to_enterprise,
        on=calendar.day_of(accident.occurred_at),
    )
    if row is None or not (to_enterprise or _is_beside(to, case, now=now)):
        raise DelegationRefused(to=to, inquiry=case.inquiry)
    case.delegated_to = to
    delegation = Delegation(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        generation=case.generation,
        by_unit=case.unit,
        to=to,
        rule=row.rule,
        reason=reason,
        document=document,
        decided_at=now,
        decided_by=by.subject,
    )
    session.add(delegation)
    action = InvestigationAction.DELEGATE
    investigations.changed(
        session, accident=accident, investigation=case, action=action, by=by, now=now
    )
    return delegation


def _is_beside(to: str, case: Investigation, *, now: datetime) -> bool:
    """Whether a unit is a department of the very government that holds the case."""
    place = case.unit.partition(".")[0]
    known = units.exists(to, on=calendar.day_of(now))
    return known and to != case.unit and to.partition(".")[0] == place


async def offered(
    session: AsyncSession, accident: Accident, *, now: datetime
) -> tuple[Ground, ...]:
    """The grounds there are for taking up a case, and which of them the figures bear."""
    industry = industries.resolve(accident.industry) if accident.industry else None
    known = Known(
        grade=accident.current_grade,
        deaths=accident.figures.counted_deaths,
        sector=industry.sector if industry else None,
        on=calendar.day_of(accident.occurred_at),
        earlier=await queries.earlier_days(session, accident),
    )
    return rules.grounds(known, today=calendar.day_of(now))


async def decide(
    session: AsyncSession,
    *,
    accident_id: UUID,
    ground: str,
    taken: bool,
    reason: str,
    by: Principal,
    now: datetime,
) -> Climb:
    """Take a case up on a ground, or leave it where it is; either way with the reason.

    A ground that binds is stated by a leader or a committee office and lifts the case at once;
    any other is decided by the government that would take it (Decree 493, 20).
    """
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.RAISE, by=by, now=now
    )
    row = await _standing(session, accident, ground, now=now)
    life.after(case.stands, InvestigationAction.MOVE)
    above = _above(accident, row, now=now)
    if row.mandatory and not taken:
        raise GroundBinds(ground=ground, rule=row.rule)
    if not row.mandatory and by.unit != above.unit:
        raise NotTheTaker(taker=above.unit, level=str(above.level))
    before = case.level
    if taken:
        assignments.escalate(session, accident=accident, ground=row, now=now)
        await investigations.follow(session, investigation=case, accident=accident, now=now)
        await session.flush()
        await clocks.rearm(
            session, accident=accident, case=case, because=ClockMove.TAKEN_UP, now=now
        )
    climb = Climb(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        generation=case.generation,
        ground=ground,
        rule=row.rule,
        taken=taken,
        reason=reason,
        from_level=before,
        to_level=str(above.level) if taken else before,
        decided_at=now,
        decided_by=by.subject,
        unit=by.unit,
    )
    session.add(climb)
    investigations.changed(
        session,
        accident=accident,
        investigation=case,
        action=InvestigationAction.MOVE,
        by=by,
        now=now,
        ground=ground,
        taken=taken,
    )
    return climb


async def _standing(
    session: AsyncSession, accident: Accident, ground: str, *, now: datetime
) -> Escalation:
    for one in await offered(session, accident, now=now):
        if one.row.code == ground and one.stands is not False:
            return one.row
    raise GroundAbsent(ground=ground)


def _above(accident: Accident, row: Escalation, *, now: datetime) -> Authority:
    """Who would take the case."""
    above = authorities.authority(
        regime=accident.under,
        grade=accident.current_grade,
        region=accident.region_code,
        on=calendar.day_of(accident.occurred_at),
        today=calendar.day_of(now),
        levels_up=row.levels_up,
    )
    if accident.levels_up or above.level is accident.current_level:
        raise AlreadyClimbed(level=accident.investigating_level)
    return above
