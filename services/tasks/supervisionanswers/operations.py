"""Handing in an answer, and judging it: accepted, or returned with what is missing."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import (
    SupervisionAccepted,
    SupervisionAnswered,
    SupervisionReturned,
)
from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import holidays
from reference.terms import SupervisionStep
from services.tasks.orders.rules import Due
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisionanswers import domain, operations_time, queries
from services.tasks.supervisionanswers.domain import (
    Five,
    FiveNotInPlace,
    NotHeardYet,
    OwnAnswer,
    Verdict,
)
from services.tasks.supervisionanswers.tables import SupervisionAnswer
from services.tasks.supervisions import operations as steps
from services.tasks.supervisions import operations_files as kept
from services.tasks.supervisions import operations_life as life
from services.tasks.supervisions import queries as orders
from services.tasks.supervisions import rules
from services.tasks.supervisions.domain import DeadlinePast, SupervisionAction
from services.tasks.supervisions.tables import Supervision


async def answer(
    session: AsyncSession,
    *,
    supervision_id: UUID,
    text: str,
    files: Sequence[str],
    five: Five | None,
    by: Principal,
    now: datetime,
) -> SupervisionAnswer:
    """Say what was done. The unit that is addressed first answers for all."""
    row = await _answering(session, supervision_id, by)
    steps.step_on(session, row, SupervisionAction.ANSWER, by=by, now=now)
    if row.interviewees is not None and row.met_at is None:
        raise NotHeardYet
    domain.refuse_unshown(five, asked=row.five)
    await kept.refuse_unknown(session, row, files)
    late = row.due_at is not None and rules.is_late(done_at=now, due_at=row.due_at)
    given = SupervisionAnswer(
        id=uuid7(),
        supervision_id=row.id,
        round=row.round,
        text=text,
        files=list(files),
        five=_stored(five),
        unit=by.unit,
        answered_by=by.subject,
        answered_at=now,
        late=late,
    )
    session.add(given)
    row.answered_at = now
    await steps.answer_is_here(session, row, now=now)
    await operations_time.lapse(session, row)
    publish(
        session,
        SupervisionAnswered(**steps.facts(row), occurred_at=now, round=row.round, late=late),
    )
    await _ask_for_judgement(session, row, by=by, now=now)
    return given


async def _answering(session: AsyncSession, supervision_id: UUID, by: Principal) -> Supervision:
    row = await orders.on_side(
        session, supervision_id, SupervisionAct.WORK_SUPERVISION, by=by, issuer=False
    )
    if row.addressee != (by.uscc or by.unit):
        raise life.LeadAnswers
    return row


def _stored(five: Five | None) -> dict[str, object] | None:
    if five is None:
        return None
    return {
        str(one): {"in_place": shown.in_place, "evidence": shown.evidence}
        for one, shown in five.items()
    }


async def _ask_for_judgement(
    session: AsyncSession, row: Supervision, *, by: Principal, now: datetime
) -> None:
    """The issuer examines it by a day; what is not examined is done with its answer."""
    if not steps.rule_of(row).acceptance:
        await life.file_away(session, row, by=by, now=now)
        return
    due = rules.due(
        SupervisionStep.ACCEPTANCE, row.of_kind, since=now, days_off=holidays.calendar()
    )
    row.acceptance_due_at, row.acceptance_overdue_at = due.at, None
    await timers.arm(
        session,
        kind=steps.ACCEPTANCE_DUE,
        entity_id=str(row.id),
        due_at=due.at,
        rule=due.rule,
        reason=f"round {row.round}",
    )


async def accept(
    session: AsyncSession,
    *,
    supervision_id: UUID,
    remark: str | None,
    by: Principal,
    now: datetime,
) -> SupervisionAnswer:
    """Accept the answer; not while one of the five is missing, nor one's own."""
    row, given = await _judged(session, supervision_id, SupervisionAction.ACCEPT, by, now, remark)
    if row.five:
        shown = {name: one["in_place"] for name, one in (given.five or {}).items()}
        lacking = domain.lacking(shown)
        if lacking:
            raise FiveNotInPlace(lacking=list(lacking))
    _judge(given, Verdict.ACCEPTED, remark, by=by, now=now)
    row.accepted_at = now
    for commitment in await queries.commitments(session, row.id):
        commitment.kept_at = commitment.kept_at or now
        await timers.cancel(
            session, kind=steps.COMMITMENT_DUE, entity_id=str(commitment.id), now=now
        )
    publish(session, SupervisionAccepted(**steps.facts(row), occurred_at=now))
    return given


async def send_back(
    session: AsyncSession,
    *,
    supervision_id: UUID,
    missing: str,
    due_on: date | None,
    by: Principal,
    now: datetime,
) -> SupervisionAnswer:
    """Return the answer with what is missing: it is owed once more, by a new deadline."""
    row, given = await _judged(session, supervision_id, SupervisionAction.RETURN, by, now, missing)
    _judge(given, Verdict.RETURNED, missing, by=by, now=now)
    row.round += 1
    row.accepted_at = None
    await steps.owe_answer(
        session, row, _once_more(row, due_on, now=now), reason=f"returned, round {row.round}"
    )
    assert row.due_at is not None
    publish(
        session,
        SupervisionReturned(
            **steps.facts(row), occurred_at=now, round=row.round, due_at=row.due_at
        ),
    )
    return given


def _once_more(row: Supervision, due_on: date | None, *, now: datetime) -> Due:
    days_off = holidays.calendar()
    if due_on is None:
        return rules.due(SupervisionStep.REDO, row.of_kind, since=now, days_off=days_off)
    if due_on <= calendar.day_of(now):
        raise DeadlinePast
    return rules.stated_due(due_on, row.of_kind, since=now, days_off=days_off)


async def _judged(
    session: AsyncSession,
    supervision_id: UUID,
    action: SupervisionAction,
    by: Principal,
    now: datetime,
    note: str | None,
) -> tuple[Supervision, SupervisionAnswer]:
    """The order, moved on, and its newest answer, which is not the actor's own."""
    row = await orders.get(session, supervision_id, lock=True)
    if orders.sees(by, row) and (by.unit in row.addressees or by.uscc is not None):
        raise OwnAnswer
    orders.require(by, SupervisionAct.JUDGE_ANSWER, row, orders.issuing(row))
    steps.step_on(session, row, action, by=by, now=now, note=note)
    await timers.cancel(session, kind=steps.ACCEPTANCE_DUE, entity_id=str(row.id), now=now)
    given = await queries.last_answer(session, row.id)
    if given.answered_by == by.subject:
        raise OwnAnswer
    return row, given


def _judge(
    given: SupervisionAnswer, verdict: Verdict, remark: str | None, *, by: Principal, now: datetime
) -> None:
    given.verdict, given.remark = str(verdict), remark
    given.judged_by, given.judged_at = by.subject, now
