"""More time for an answer: asked for once, in time, with a reason, and decided by the issuer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import SupervisionExtended
from kernel import calendar
from kernel.access import NotYours, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import holidays
from reference import supervisions as pack
from reference.terms import SupervisionStep
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisionanswers import domain, queries
from services.tasks.supervisionanswers.domain import (
    AskedMore,
    Decision,
    MoreTimeRefused,
)
from services.tasks.supervisionanswers.tables import SupervisionExtension
from services.tasks.supervisions import domain as lives
from services.tasks.supervisions import operations as steps
from services.tasks.supervisions import operations_life as life
from services.tasks.supervisions import queries as orders
from services.tasks.supervisions import rules
from services.tasks.supervisions.domain import OWED, SupervisionAction
from services.tasks.supervisions.tables import Supervision


async def ask(
    session: AsyncSession,
    *,
    supervision_id: UUID,
    working_days: int,
    reason: str,
    by: Principal,
    now: datetime,
) -> SupervisionExtension:
    """Whoever owes the answer asks for more time, before its time is up."""
    row = await orders.on_side(
        session, supervision_id, SupervisionAct.WORK_SUPERVISION, by=by, issuer=False
    )
    if row.addressee != (by.uscc or by.unit):
        raise life.LeadAnswers
    due_at = await _refuse_unfit(session, row, working_days=working_days, now=now)
    asked = SupervisionExtension(
        id=uuid7(),
        supervision_id=row.id,
        status=str(AskedMore.ASKED),
        working_days=working_days,
        reason=reason,
        round=row.round,
        due_before=due_at,
        asked_by=by.subject,
        asked_at=now,
    )
    session.add(asked)
    detail = {"working_days": working_days}
    steps.keep(session, row, "ask_extension", by=by, now=now, note=reason, detail=detail)
    return asked


async def _refuse_unfit(
    session: AsyncSession, row: Supervision, *, working_days: int, now: datetime
) -> datetime:
    limit = pack.limit(SupervisionStep.EXTENSION, row.of_kind, on=calendar.day_of(now))
    if row.stands not in OWED or row.due_at is None:
        raise lives.refused(row.stands, SupervisionAction.EXTEND)
    waits = any(one.status == AskedMore.ASKED for one in await queries.extensions(session, row.id))
    used_up = limit.times is not None and row.extended >= limit.times
    late = rules.is_late(done_at=now, due_at=row.due_at)
    if waits or used_up or late or working_days > limit.length:
        raise MoreTimeRefused(most=limit.length, times=limit.times)
    return row.due_at


async def decide(
    session: AsyncSession,
    *,
    extension_id: UUID,
    decision: Decision,
    remark: str,
    by: Principal,
    now: datetime,
) -> SupervisionExtension:
    """Give more time from the end of the time there was, or refuse it; never for oneself.

    What was asked for in time counts from there even where it is decided later: what was found
    overdue meanwhile is not overdue any more.
    """
    found = await queries.extension(session, extension_id)
    row = await orders.get(session, found.supervision_id, lock=True)
    found = await queries.extension(session, extension_id)
    orders.require(by, SupervisionAct.JUDGE_ANSWER, row, orders.issuing(row))
    if found.asked_by == by.subject or by.unit in row.addressees:
        raise NotYours
    found.status = str(domain.decided(AskedMore(found.status), decision))
    found.decided_by, found.decided_at, found.remark = by.subject, now, remark
    if decision is Decision.APPROVE:
        await _extend(session, row, found, by=by, now=now)
    else:
        steps.keep(session, row, "refuse_extension", by=by, now=now, note=remark)
    return found


async def lapse(session: AsyncSession, row: Supervision) -> None:
    """The answer is there: nobody decides any more on a request that waits."""
    for asked in await queries.extensions(session, row.id):
        if asked.status == AskedMore.ASKED:
            asked.status = str(domain.decided(AskedMore.ASKED, Decision.LAPSE))


async def _extend(
    session: AsyncSession,
    row: Supervision,
    found: SupervisionExtension,
    *,
    by: Principal,
    now: datetime,
) -> None:
    days_off = holidays.calendar()
    at = rules.extended(found.due_before, working_days=found.working_days, days_off=days_off)
    detail = {"due_at": at.isoformat()}
    steps.step_on(session, row, SupervisionAction.EXTEND, by=by, now=now, detail=detail)
    limit = pack.limit(SupervisionStep.ANSWER, row.of_kind, on=calendar.day_of(found.asked_at))
    found.due_after = at
    row.extended += 1
    await steps.answer_is_here(session, row, now=now)
    due = rules.until(at, limit, since=now, days_off=days_off)
    await steps.owe_answer(session, row, due, reason=f"extension {found.id}")
    publish(session, SupervisionExtended(**steps.facts(row), occurred_at=now, due_at=at))
