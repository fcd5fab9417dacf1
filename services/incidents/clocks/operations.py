"""Keeping the clocks of investigations: opening, extending, stopping, warning, running out."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import InvestigationOverdue, InvestigationWarned
from kernel import calendar, timers
from kernel.access import NotFound, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.clocks import queries, rules
from services.incidents.clocks.domain import AppraisalEnded, LimitRunOut, NothingLeftToExtend
from services.incidents.clocks.rules import Clock, Stage
from services.incidents.clocks.tables import Appraisal, Extension
from services.incidents.investigations import domain
from services.incidents.investigations import operations as investigations
from services.incidents.investigations import queries as cases
from services.incidents.investigations.domain import (
    INVESTIGATION_DUE,
    INVESTIGATION_WARNING,
    InvestigationAction,
    InvestigationStatus,
)
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import Act


async def open_case(session: AsyncSession, *, accident_id: UUID, now: datetime) -> Investigation:
    """Open the investigation of a new accident, or keep the one there is, and set its clocks."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    known = await cases.newest(session, accident.id)
    case = await investigations.current(session, accident=accident, now=now)
    if known is None:
        session.add_all(_first_clocks(accident, case, now=now))
    else:
        await rearm(session, accident=accident, case=case, now=now)
    return case


def _first_clocks(
    accident: Accident, case: Investigation, *, now: datetime
) -> Iterator[timers.Timer]:
    """The clocks of a case that has just been opened: nothing can have stretched them yet."""
    story = queries.fresh(accident, starts_on=case.starts_on)
    clock = rules.run(story, today=calendar.day_of(now))
    row = queries.limit(Stage.INVESTIGATION, accident)
    assert clock.due_on is not None
    warnings = (at for at in rules.warnings(clock.due_on, row.warn_days) if at > now)
    rings = {
        INVESTIGATION_DUE: calendar.closes_at(clock.due_on),
        INVESTIGATION_WARNING: next(warnings, None),
    }
    thing = domain.case_of(case.accident_id, case.generation)
    for kind, due_at in rings.items():
        if due_at is not None:
            yield timers.new(
                kind=kind,
                entity_id=thing,
                due_at=due_at,
                rule=row.rule,
                reason=str(Stage.INVESTIGATION),
            )


async def _arm(
    session: AsyncSession, kind: str, thing: str, due_at: datetime, stage: Stage, rule: str
) -> None:
    """Set a clock, unless it stands so already or has rung for that very instant before."""
    latest = await timers.latest(session, kind=kind, entity_id=thing)
    same = latest is not None and (latest.due_at, latest.reason) == (due_at, str(stage))
    if latest is None or latest.cancelled_at is not None or not same:
        await timers.arm(
            session, kind=kind, entity_id=thing, due_at=due_at, rule=rule, reason=str(stage)
        )


async def clock_of(
    session: AsyncSession, *, accident: Accident, case: Investigation, today: date
) -> Clock:
    """How a generation stands at the end of a day."""
    story = await queries.story(session, accident=accident, case=case)
    return rules.run(story, today=today)


async def rearm(
    session: AsyncSession, *, accident: Accident, case: Investigation, now: datetime
) -> None:
    """Set the clocks anew for the limit that runs now; a stopped clock has none."""
    clock = await clock_of(session, accident=accident, case=case, today=calendar.day_of(now))
    if clock.due_on is None or clock.paused:
        await investigations.stop_clocks(session, case=case, now=now)
        return
    row = queries.limit(clock.stage, accident)
    thing = domain.case_of(case.accident_id, case.generation)
    due_at = calendar.closes_at(clock.due_on)
    await _arm(session, INVESTIGATION_DUE, thing, due_at, clock.stage, row.rule)
    await _arm_warning(session, accident=accident, case=case, clock=clock, now=now)


async def _arm_warning(
    session: AsyncSession, *, accident: Accident, case: Investigation, clock: Clock, now: datetime
) -> None:
    thing = domain.case_of(case.accident_id, case.generation)
    row = queries.limit(clock.stage, accident)
    assert clock.due_on is not None
    ahead = [at for at in rules.warnings(clock.due_on, row.warn_days) if at > now]
    if not ahead:
        await timers.cancel(session, kind=INVESTIGATION_WARNING, entity_id=thing, now=now)
        return
    await _arm(session, INVESTIGATION_WARNING, thing, ahead[0], clock.stage, row.rule)


async def _timed(
    session: AsyncSession, thing: str, now: datetime
) -> tuple[Accident, Investigation, Clock] | None:
    """What a timer is about, with its clock; None when a later generation has taken over."""
    accident_id, _, generation = thing.partition(":")
    accident = await accident_queries.get(session, UUID(accident_id), lock=True)
    case = await cases.newest(session, accident.id)
    if case is None or case.generation != int(generation):
        return None
    clock = await clock_of(session, accident=accident, case=case, today=calendar.day_of(now))
    return None if clock.due_on is None or clock.paused else (accident, case, clock)


async def mark_overdue(session: AsyncSession, *, thing: str, now: datetime) -> None:
    """A limit has run out. If it still runs and was not met, those who hold the case are told."""
    found = await _timed(session, thing, now)
    if found is None:
        return
    accident, case, clock = found
    if not clock.overdue:
        await rearm(session, accident=accident, case=case, now=now)
        return
    assert clock.due_on is not None
    case.overdue_at = case.overdue_at or now
    publish(
        session,
        InvestigationOverdue(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            generation=case.generation,
            stage=str(clock.stage),
            level=case.held_at,
            unit=case.unit,
            due_at=calendar.closes_at(clock.due_on),
            grade=accident.current_grade,
        ),
    )


async def warn(session: AsyncSession, *, thing: str, now: datetime) -> None:
    """A limit is about to run out; the next warning is set."""
    found = await _timed(session, thing, now)
    if found is None:
        return
    accident, case, clock = found
    if clock.overdue:
        return
    assert clock.due_on is not None
    publish(
        session,
        InvestigationWarned(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            generation=case.generation,
            stage=str(clock.stage),
            level=case.held_at,
            unit=case.unit,
            due_at=calendar.closes_at(clock.due_on),
            grade=accident.current_grade,
        ),
    )
    await _arm_warning(session, accident=accident, case=case, clock=clock, now=now)


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
    await _settle(session, accident, case, InvestigationAction.EXTEND, by=by, now=now)
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
    clock = await clock_of(session, accident=accident, case=case, today=calendar.day_of(now))
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
    *,
    by: Principal,
    now: datetime,
) -> None:
    await session.flush()
    await rearm(session, accident=accident, case=case, now=now)
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
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.INVESTIGATE, by=by, now=now
    )
    investigations.refuse_strangers(case, by=by)
    case.status = str(domain.after(case.stands, InvestigationAction.APPRAISE))
    _refuse_outside(began_on, first=case.starts_on, last=calendar.day_of(now), field="began_on")
    clock = await clock_of(session, accident=accident, case=case, today=began_on)
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
    await _settle(session, accident, case, InvestigationAction.APPRAISE, by=by, now=now)
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
    accident, case = await investigations.hold(
        session, accident_id=accident_id, act=Act.INVESTIGATE, by=by, now=now
    )
    investigations.refuse_strangers(case, by=by)
    case.status = str(domain.after(case.stands, InvestigationAction.APPRAISE))
    appraisal = await session.get(Appraisal, appraisal_id)
    if appraisal is None or appraisal.accident_id != accident.id:
        raise NotFound
    if appraisal.ended_on is not None or appraisal.generation != case.generation:
        raise AppraisalEnded
    _refuse_outside(ended_on, first=appraisal.began_on, last=calendar.day_of(now), field="ended_on")
    appraisal.ended_on, appraisal.closed_at, appraisal.closed_by = ended_on, now, by.subject
    await _settle(session, accident, case, InvestigationAction.APPRAISE, by=by, now=now)
    return appraisal


def _refuse_outside(day: date, *, first: date, last: date, field: str) -> None:
    if first <= day <= last:
        return
    zh, en = f"应在 {first} 至 {last} 之间", f"expected a day from {first} to {last}"
    raise InvalidPayload(FieldFault(pointer=f"/{field}", code="out_of_range", zh=zh, en=en))
