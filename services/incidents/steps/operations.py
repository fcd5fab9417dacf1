"""Giving steps to members, taking their results, and finding out that one is late."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import DeadlineKind
from kernel import timers
from kernel.access import Principal
from kernel.ids import uuid7
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.periods.operations import tell_missed, touched
from services.incidents.policies import Act
from services.incidents.steps import domain, queries
from services.incidents.steps.domain import (
    NotAssignable,
    NotYourStep,
    StepAction,
    StepStatus,
)
from services.incidents.steps.schemas import NewStep
from services.incidents.steps.tables import Step
from services.incidents.teams import operations as teams
from services.incidents.teams import queries as members
from services.incidents.teams.domain import MemberStatus

STEP_DUE = "step_due"
_RULE = "decree-493 25@2007-06-01"


async def give(session: AsyncSession, *, new: NewStep, by: Principal, now: datetime) -> Step:
    """The lead gives a member of the team something to do."""
    accident = await accidents.get(session, new.accident_id, lock=True)
    await teams.leading(session, accident=accident, by=by)
    await _refuse_unable(session, accident, new.member_id, due_at=new.due_at, now=now)
    step = Step(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        member_id=new.member_id,
        unit=by.unit or accident.investigating_unit,
        task=new.task,
        status=str(StepStatus.OPEN),
        assigned_at=now,
        assigned_by=by.subject,
        due_at=new.due_at,
    )
    session.add(step)
    clock = timers.new(kind=STEP_DUE, entity_id=str(step.id), due_at=step.due_at, rule=_RULE)
    timers.begin(session, clock)
    _touched(session, accident, step, by, now)
    return step


async def _refuse_unable(
    session: AsyncSession, accident: Accident, member_id: UUID, *, due_at: datetime, now: datetime
) -> None:
    member = await members.get(session, member_id)
    if member.accident_id != accident.id or member.stands is not MemberStatus.ACTIVE:
        raise NotAssignable
    if due_at <= now:
        raise domain.due_in_the_past()


async def reassign(
    session: AsyncSession,
    *,
    step_id: UUID,
    member_id: UUID,
    due_at: datetime,
    by: Principal,
    now: datetime,
) -> Step:
    """The lead gives a step to somebody else, for example after a recusal."""
    step, accident = await _held(session, step_id)
    await teams.leading(session, accident=accident, by=by)
    step.status = str(domain.after(step.stands, StepAction.REASSIGN))
    await _refuse_unable(session, accident, member_id, due_at=due_at, now=now)
    step.member_id, step.due_at, step.overdue_at = member_id, due_at, None
    await timers.arm(
        session,
        kind=STEP_DUE,
        entity_id=str(step.id),
        due_at=due_at,
        rule=_RULE,
        reason=f"given to member {member_id}",
    )
    _touched(session, accident, step, by, now)
    return step


async def finish(
    session: AsyncSession, *, step_id: UUID, note: str, by: Principal, now: datetime
) -> Step:
    """The member whose step it is says what came of it."""
    step, accident = await _held(session, step_id)
    member = await teams.acting(session, accident=accident, by=by)
    if member.id != step.member_id:
        raise NotYourStep
    await _end(session, step, StepAction.FINISH, note, now)
    _touched(session, accident, step, by, now)
    return step


async def drop(
    session: AsyncSession, *, step_id: UUID, note: str, by: Principal, now: datetime
) -> Step:
    """The lead finds that a step is not needed, and says why."""
    step, accident = await _held(session, step_id)
    await teams.leading(session, accident=accident, by=by)
    await _end(session, step, StepAction.DROP, note, now)
    _touched(session, accident, step, by, now)
    return step


async def _held(session: AsyncSession, step_id: UUID) -> tuple[Step, Accident]:
    step = await queries.get(session, step_id)
    accident = await accidents.get(session, step.accident_id, lock=True)
    await session.refresh(step)
    return step, accident


async def _end(
    session: AsyncSession, step: Step, action: StepAction, note: str, now: datetime
) -> None:
    step.status = str(domain.after(step.stands, action))
    step.ended_at, step.note = now, note
    await timers.cancel(session, kind=STEP_DUE, entity_id=str(step.id), now=now)


async def mark_overdue(session: AsyncSession, *, step_id: UUID, now: datetime) -> None:
    """A step's time is up: its unit is alarmed, once per deadline."""
    step, accident = await _held(session, step_id)
    if step.stands is not StepStatus.OPEN or step.overdue_at is not None or now < step.due_at:
        return
    step.overdue_at = now
    tell_missed(
        session,
        accident=accident,
        kind=DeadlineKind.STEP,
        entity_id=step.id,
        unit=step.unit,
        due_at=step.due_at,
        now=now,
    )


def _touched(
    session: AsyncSession, accident: Accident, step: Step, by: Principal, now: datetime
) -> None:
    touched(
        session,
        accident=accident,
        act=Act.WORK_ON_TEAM,
        entity="investigation_step",
        entity_id=step.id,
        by=by,
        now=now,
    )
