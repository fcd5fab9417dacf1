"""Keeping the clocks of investigations: opening a case, setting, warning, running out."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import (
    ClockMove,
    InvestigationClockMoved,
    InvestigationOverdue,
    InvestigationReckoned,
    InvestigationWarned,
)
from kernel import calendar, timers
from kernel.outbox import publish
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.clocks import queries, rules
from services.incidents.clocks.rules import Clock, Stage
from services.incidents.investigations import domain
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations import queries as cases
from services.incidents.investigations.domain import (
    INVESTIGATION_DUE,
    INVESTIGATION_WARNING,
    UNDECIDED,
)
from services.incidents.investigations.tables import Investigation


async def open_case(
    session: AsyncSession, *, accident_id: UUID, because: ClockMove, now: datetime
) -> Investigation:
    """Open the investigation of a new accident, or keep the one there is, and set its clocks."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    known = await cases.newest(session, accident.id)
    case = await investigations.current(session, accident=accident, now=now)
    if known is None:
        story = queries.fresh(accident, starts_on=case.starts_on)  # nothing can have stretched it
        clock = rules.run(story, today=calendar.day_of(now))
        _keep_due(session, accident, case, clock, now=now)
        timers.begin(session, *_first_clocks(accident, case, clock, now=now))
    else:
        await rearm(session, accident=accident, case=case, because=because, now=now)
    return case


def _keep_due(
    session: AsyncSession, accident: Accident, case: Investigation, clock: Clock, *, now: datetime
) -> None:
    """Keep and tell by when the case counts as closed in time: the statistics and the plan ask.

    While an appraisal goes on nobody can say, and a decided case keeps what it was held to.
    """
    due_on = None if clock.paused else clock.case_due_on
    if case.stands not in UNDECIDED or case.case_due_on == due_on:
        return
    case.case_due_on = due_on
    publish(
        session,
        InvestigationReckoned(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            generation=case.generation,
            grade=accident.current_grade,
            due_on=due_on,
        ),
    )


def _first_clocks(
    accident: Accident, case: Investigation, clock: Clock, *, now: datetime
) -> Iterator[timers.Timer]:
    """The clocks of a case that has just been opened."""
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
    session: AsyncSession,
    *,
    accident: Accident,
    case: Investigation,
    because: ClockMove,
    now: datetime,
) -> None:
    """Set the clocks anew for the limit that runs now, and tell if it ends at another instant.

    A stopped clock has none, nor has the case of an accident that goes on as another one.
    """
    clock = await clock_of(session, accident=accident, case=case, today=calendar.day_of(now))
    _keep_due(session, accident, case, clock, now=now)
    thing = domain.case_of(case.accident_id, case.generation)
    before = await _runs_until(session, thing)
    due_at = _ends_at(accident, clock)
    if due_at != before:
        publish(session, _moved(accident, case, clock.stage, due_at, because, now))
    if due_at is None:
        await investigations.stop_clocks(session, case=case, now=now)
        return
    row = queries.limit(clock.stage, accident)
    await _arm(session, INVESTIGATION_DUE, thing, due_at, clock.stage, row.rule)
    await _arm_warning(session, accident=accident, case=case, clock=clock, now=now)


def _ends_at(accident: Accident, clock: Clock) -> datetime | None:
    """The end of the limit that runs; None while none does."""
    if accident.merged_into is not None or clock.due_on is None or clock.paused:
        return None
    return calendar.closes_at(clock.due_on)


async def _runs_until(session: AsyncSession, thing: str) -> datetime | None:
    """The end of the limit as it was last set; None if none was, or it stands still."""
    latest = await timers.latest(session, kind=INVESTIGATION_DUE, entity_id=thing)
    return latest.due_at if latest is not None and latest.cancelled_at is None else None


def _moved(
    accident: Accident,
    case: Investigation,
    stage: Stage,
    due_at: datetime | None,
    because: ClockMove,
    now: datetime,
) -> InvestigationClockMoved:
    return InvestigationClockMoved(
        occurred_at=now,
        accident_id=accident.id,
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        generation=case.generation,
        stage=str(stage),
        level=case.held_at,
        unit=case.unit,
        due_at=due_at,
        reason=because,
        grade=accident.current_grade,
    )


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
    """What a timer is about, with its clock; None when a later generation has taken over.

    None as well for an accident that goes on as another, whose own case is owed.
    """
    accident_id, _, generation = thing.partition(":")
    accident = await accident_queries.get(session, UUID(accident_id), lock=True)
    case = await cases.newest(session, accident.id)
    taken_over = case is None or case.generation != int(generation)
    if case is None or taken_over or accident.merged_into is not None:
        return None
    clock = await clock_of(session, accident=accident, case=case, today=calendar.day_of(now))
    return None if _ends_at(accident, clock) is None else (accident, case, clock)


async def mark_overdue(session: AsyncSession, *, thing: str, now: datetime) -> None:
    """A limit has run out. If it still runs and was not met, those who hold the case are told."""
    found = await _timed(session, thing, now)
    if found is None:
        return
    accident, case, clock = found
    if not clock.overdue:
        reckoned = ClockMove.RECKONED
        await rearm(session, accident=accident, case=case, because=reckoned, now=now)
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
