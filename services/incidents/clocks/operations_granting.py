"""Granting more days, and stopping a clock for technical appraisals."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import ClockMove
from kernel import calendar
from kernel.access import NotFound, Principal
from kernel.ids import uuid7
from kernel.problems import FieldFault, InvalidPayload
from services.incidents.accidents.tables import Accident
from services.incidents.clocks import operations as clocks
from services.incidents.clocks import queries, rules
from services.incidents.clocks.domain import AppraisalEnded, LimitRunOut, NothingLeftToExtend
from services.incidents.clocks.rules import Stage
from services.incidents.clocks.tables import Appraisal, Extension
from services.incidents.investigations import domain
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations.domain import InvestigationAction, InvestigationStatus
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import Act


async def extend(
    session: AsyncSession,
    *,
    accident_id: UUID,
    days: int,
    reason: str,
    document: str,
    by: Principal,
    now: datetime,
) -> Extension:
    """The government that holds the case gives the running limit more days (Decree 493, 29)."""
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.DECIDE, by=by, now=now
    )
    investigations.refuse_others(case, by=by)
    case.status = str(domain.after(case.stands, InvestigationAction.EXTEND))
    submitted = case.stands is InvestigationStatus.SUBMITTED
    stage = Stage.APPROVAL if submitted else Stage.INVESTIGATION
    await _refuse_too_much(session, accident, case, stage, days=days, now=now)
    extension = Extension(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        generation=case.generation,
        stage=str(stage),
        days=days,
        reason=reason,
        document=document,
        granted_at=now,
        granted_by=by.subject,
        unit=by.unit,
    )
    session.add(extension)
    await _settle(
        session, accident, case, InvestigationAction.EXTEND, ClockMove.EXTENDED, by=by, now=now
    )
    return extension


async def _refuse_too_much(
    session: AsyncSession,
    accident: Accident,
    case: Investigation,
    stage: Stage,
    *,
    days: int,
    now: datetime,
) -> None:
    clock = await clocks.clock_of(session, accident=accident, case=case, today=calendar.day_of(now))
    if clock.overdue:
        raise LimitRunOut(due_on=str(clock.due_on))
    given = queries.granted_days(await queries.extensions(session, case), stage)
    row = queries.limit(stage, accident)
    left = rules.room_to_extend(granted=given, most=row.extension_days)
    if days > left:
        raise NothingLeftToExtend(
            f"至多还可延长 {left} 日", f"At most {left} more days.", days_left=left, rule=row.rule
        )


async def _settle(
    session: AsyncSession,
    accident: Accident,
    case: Investigation,
    action: InvestigationAction,
    because: ClockMove,
    *,
    by: Principal,
    now: datetime,
) -> None:
    await session.flush()
    await clocks.rearm(session, accident=accident, case=case, because=because, now=now)
    investigations.changed(
        session, accident=accident, investigation=case, action=action, by=by, now=now
    )


async def begin_appraisal(
    session: AsyncSession,
    *,
    accident_id: UUID,
    subject: str,
    institution: str,
    began_on: date,
    by: Principal,
    now: datetime,
) -> Appraisal:
    """A technical appraisal begins: the clock stands until all of them have ended."""
    accident, case = await investigations.conduct(
        session,
        accident_id=accident_id,
        action=InvestigationAction.APPRAISE,
        by=by,
        now=now,
    )
    _refuse_outside(began_on, first=case.starts_on, last=calendar.day_of(now), field="began_on")
    clock = await clocks.clock_of(session, accident=accident, case=case, today=began_on)
    if clock.due_on is None or began_on >= clock.due_on:
        raise LimitRunOut(due_on=str(clock.due_on))
    appraisal = Appraisal(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        generation=case.generation,
        subject=subject,
        institution=institution,
        began_on=began_on,
        opened_at=now,
        opened_by=by.subject,
    )
    session.add(appraisal)
    action, because = InvestigationAction.APPRAISE, ClockMove.APPRAISAL_BEGAN
    await _settle(session, accident, case, action, because, by=by, now=now)
    return appraisal


async def end_appraisal(
    session: AsyncSession,
    *,
    accident_id: UUID,
    appraisal_id: UUID,
    ended_on: date,
    by: Principal,
    now: datetime,
) -> Appraisal:
    """The appraisal has ended, with that day; the clock runs again from the next."""
    accident, case = await investigations.conduct(
        session,
        accident_id=accident_id,
        action=InvestigationAction.APPRAISE,
        by=by,
        now=now,
    )
    appraisal = await session.get(Appraisal, appraisal_id)
    if appraisal is None or appraisal.accident_id != accident.id:
        raise NotFound
    if appraisal.ended_on is not None or appraisal.generation != case.generation:
        raise AppraisalEnded
    _refuse_outside(ended_on, first=appraisal.began_on, last=calendar.day_of(now), field="ended_on")
    appraisal.ended_on, appraisal.closed_at, appraisal.closed_by = ended_on, now, by.subject
    action, because = InvestigationAction.APPRAISE, ClockMove.APPRAISAL_ENDED
    await _settle(session, accident, case, action, because, by=by, now=now)
    return appraisal


def _refuse_outside(day: date, *, first: date, last: date, field: str) -> None:
    if first <= day <= last:
        return
    zh, en = f"应在 {first} 至 {last} 之间", f"expected a day from {first} to {last}"
    raise InvalidPayload(FieldFault(pointer=f"/{field}", code="out_of_range", zh=zh, en=en))
