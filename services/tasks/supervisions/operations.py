"""What every handling of an order does: move it, keep the step, tell, stop its clocks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import SupervisionOverdue
from kernel import audit, calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import supervisions as pack
from reference.national.rows_supervisions import SupervisionRule
from reference.terms import SupervisionStep
from services.tasks.orders.rules import Due
from services.tasks.supervisions import domain
from services.tasks.supervisions.domain import SupervisionAction
from services.tasks.supervisions.tables import Supervision, SupervisionEntry

ENTITY = "supervision"
RECEIPT_DUE, ANSWER_WARNING = "supervision_receipt_due", "supervision_answer_warning"
ANSWER_DUE, ACCEPTANCE_DUE = "supervision_answer_due", "supervision_acceptance_due"
CLIMB_DUE, COMMITMENT_DUE = "supervision_climb_due", "supervision_commitment_due"

_OF_THE_ANSWER = (ANSWER_DUE, ANSWER_WARNING, CLIMB_DUE)


def rule_of(row: Supervision) -> SupervisionRule:
    """What the order's kind took on the day on which it was drafted."""
    return pack.rule(row.of_kind, on=calendar.day_of(row.drafted_at))


def facts(row: Supervision) -> dict[str, Any]:
    """What every fact about an order says; never its text."""
    return {
        "supervision_id": row.id,
        "region_code": row.region_code,
        "kind": row.kind,
        "number": row.number_text or "",
        "issuer": row.keeper,
        "unit": row.addressee if row.addressees else row.keeper,
        "enterprise_uscc": row.enterprise_uscc,
        "cause": row.cause,
        "cause_id": row.cause_id,
    }


def step_on(
    session: AsyncSession,
    row: Supervision,
    action: SupervisionAction,
    *,
    by: Principal,
    now: datetime,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Move an order, and keep who moved it, when and why."""
    moved = domain.after(row.stands, action)
    if not domain.fits(rule_of(row), action, row.stands):
        raise domain.refused(row.stands, action)
    row.status = str(moved)
    keep(session, row, str(action), by=by, now=now, note=note, detail=detail)


def keep(
    session: AsyncSession,
    row: Supervision,
    action: str,
    *,
    by: Principal,
    now: datetime,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Keep a step in the order's story, whether it moved the order or not."""
    entry = SupervisionEntry(
        id=uuid7(),
        supervision_id=row.id,
        at=now,
        action=action,
        status=row.status,
        made_by=by.subject,
        unit=by.unit,
        note=note,
        detail=dict(detail or {}),
    )
    session.add(entry)
    audit.note(session, by=by, act=f"supervision.{action}", entity=ENTITY, entity_id=row.id)


async def owe_answer(session: AsyncSession, row: Supervision, due: Due, *, reason: str) -> None:
    """An answer is owed by an instant from now on; what the time before had found is past."""
    row.due_at, row.rule = due.at, due.rule
    row.overdue_at, row.rung = None, 0
    entity = str(row.id)
    await timers.arm(
        session, kind=ANSWER_DUE, entity_id=entity, due_at=due.at, rule=due.rule, reason=reason
    )
    if due.warn_at is not None:
        await timers.arm(
            session,
            kind=ANSWER_WARNING,
            entity_id=entity,
            due_at=due.warn_at,
            rule=due.rule,
            reason=reason,
        )


async def answer_is_here(session: AsyncSession, row: Supervision, *, now: datetime) -> None:
    """Nobody waits for the answer any more: its clocks stop, and the climb with them."""
    for kind in _OF_THE_ANSWER:
        await timers.cancel(session, kind=kind, entity_id=str(row.id), now=now)


async def end(session: AsyncSession, row: Supervision, *, now: datetime) -> None:
    """The order is over: none of its clocks runs on."""
    row.closed_at = now
    await answer_is_here(session, row, now=now)
    await timers.cancel(session, kind=ACCEPTANCE_DUE, entity_id=str(row.id), now=now)


def tell_overdue(
    session: AsyncSession,
    row: Supervision,
    step: SupervisionStep,
    *,
    due_at: datetime,
    now: datetime,
    unit: str | None = None,
) -> None:
    """Tell that a step was not taken in time, and whose it was."""
    said = facts(row) | ({"unit": unit} if unit else {})
    publish(session, SupervisionOverdue(**said, occurred_at=now, step=step, due_at=due_at))
