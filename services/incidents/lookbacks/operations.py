"""Planning a look-back and taking what it showed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import DeadlineKind
from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from reference import city, units
from services.incidents.accidents import operations as changes
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.lookbacks import domain, queries, rules
from services.incidents.lookbacks.domain import (
    LookbackAction,
    LookbackResult,
    LookbackStatus,
)
from services.incidents.lookbacks.schemas import Made
from services.incidents.lookbacks.tables import Lookback
from services.incidents.periods.operations import tell_missed, touched
from services.incidents.policies import POLICIES, Act
from services.incidents.reach import refuse_below
from services.incidents.recommendations import operations as recommendations
from services.incidents.recommendations.domain import day_gone_by

LOOKBACK_DUE = "lookback_due"


async def plan(
    session: AsyncSession, *, accident_id: UUID, generation: int, published_on: date, now: datetime
) -> None:
    """Put the look-back at an accident on its clock, where the city's plan asks for one.

    The report of a reopened investigation takes the place of the one before, and so does what
    is looked back at.
    """
    accident = await accidents.get(session, accident_id, lock=True)
    before = await queries.of_accident(session, accident_id)
    if any(one.generation >= generation for one in before):
        return
    for one in before:
        await _supersede(session, one, now=now)
    due = rules.lookback_due(accident.current_grade, published_on=published_on)
    if due is None:
        return
    committee = units.governing(city.current().code, "safety_committee", on=calendar.day_of(now))
    lookback = Lookback(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        generation=generation,
        unit=committee.code,
        status=str(LookbackStatus.PLANNED),
        rule=due.rule,
        due_at=due.at,
    )
    session.add(lookback)
    clock = timers.new(
        kind=LOOKBACK_DUE, entity_id=str(lookback.id), due_at=lookback.due_at, rule=due.rule
    )
    timers.begin(session, clock)
    changes.record_change(session, accident=accident, now=now)


async def _supersede(session: AsyncSession, lookback: Lookback, *, now: datetime) -> None:
    """End what nobody has made yet; its clock stops, and a mark that it was late stays."""
    if lookback.stands is LookbackStatus.PLANNED:
        lookback.status = str(domain.after(lookback.stands, LookbackAction.SUPERSEDE))
        lookback.superseded_at = now
        await timers.cancel(session, kind=LOOKBACK_DUE, entity_id=str(lookback.id), now=now)


async def make(
    session: AsyncSession, *, lookback_id: UUID, made: Made, by: Principal, now: datetime
) -> Lookback:
    """Take what a look-back showed; what relapsed is opened again."""
    lookback, accident = await _held(session, lookback_id)
    POLICIES.require(by, Act.EVALUATE, on=lookback, seen_by=Act.READ)
    refuse_below(by, Act.EVALUATE, unit=lookback.unit)
    lookback.status = str(domain.after(lookback.stands, LookbackAction.MAKE))
    if (made.result is LookbackResult.RELAPSED) is not bool(made.relapsed):
        raise domain.relapse_unclear(made.result)
    if made.relapsed:
        await _reopen(session, accident, lookback, made, now)
    lookback.result, lookback.note = str(made.result), made.note
    lookback.made_at, lookback.made_by = now, by.subject
    await timers.cancel(session, kind=LOOKBACK_DUE, entity_id=str(lookback.id), now=now)
    touched(
        session,
        accident=accident,
        act=Act.EVALUATE,
        entity="lookback",
        entity_id=lookback.id,
        by=by,
        now=now,
    )
    return lookback


async def _reopen(
    session: AsyncSession, accident: Accident, lookback: Lookback, made: Made, now: datetime
) -> None:
    today = calendar.day_of(now)
    if made.redo_by is None or made.redo_by < today:
        raise day_gone_by("redo_by", today=today)
    await recommendations.reopen(
        session,
        accident=accident,
        ids=set(made.relapsed),
        due_on=made.redo_by,
        reason=f"lookback {lookback.id}",
        now=now,
    )


async def mark_overdue(session: AsyncSession, *, lookback_id: UUID, now: datetime) -> None:
    """Nobody has looked back by the day."""
    lookback, accident = await _held(session, lookback_id)
    done = lookback.stands is not LookbackStatus.PLANNED
    if done or lookback.overdue_at is not None or now < lookback.due_at:
        return
    lookback.overdue_at = now
    tell_missed(
        session,
        accident=accident,
        kind=DeadlineKind.LOOKBACK,
        entity_id=lookback.id,
        unit=lookback.unit,
        due_at=lookback.due_at,
        now=now,
    )


async def _held(session: AsyncSession, lookback_id: UUID) -> tuple[Lookback, Accident]:
    lookback = await queries.get(session, lookback_id)
    accident = await accidents.get(session, lookback.accident_id, lock=True)
    await session.refresh(lookback)
    return lookback, accident
