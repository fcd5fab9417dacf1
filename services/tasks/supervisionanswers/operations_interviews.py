"""What came of an interview: when it was held, who attended, its minutes, what was promised."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from reference.terms import SupervisionStep
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisionanswers.domain import Commitment
from services.tasks.supervisionanswers.tables import SupervisionCommitment
from services.tasks.supervisions import operations as steps
from services.tasks.supervisions import operations_files as kept
from services.tasks.supervisions import queries as orders
from services.tasks.supervisions.domain import (
    LIVE,
    DeadlinePast,
    SupervisionAction,
    SupervisionActionRefused,
    SupervisionUnfit,
)
from services.tasks.supervisions.tables import Supervision

_RULE = "platform whole"


async def record(
    session: AsyncSession,
    *,
    supervision_id: UUID,
    held_at: datetime,
    attended: Sequence[str],
    minutes: str,
    commitments: Sequence[Commitment],
    by: Principal,
    now: datetime,
) -> Supervision:
    """Record an interview once it was held: posts that attended, the minutes, commitments."""
    row = await orders.on_side(
        session, supervision_id, SupervisionAct.JUDGE_ANSWER, by=by, issuer=True
    )
    detail = {"held_at": held_at.isoformat(), "attended": list(attended)}
    steps.step_on(session, row, SupervisionAction.MEET, by=by, now=now, detail=detail)
    if row.met_at is not None:
        raise SupervisionActionRefused(supervision_status=row.status)
    if held_at > now or (row.issued_at is not None and held_at < row.issued_at):
        raise SupervisionUnfit(
            "约谈时间须在下达之后、当前之前",
            "It was held after it was issued and not in the future.",
        )
    await kept.refuse_unknown(session, row, [minutes])
    row.met_at, row.attended, row.minutes = held_at, list(attended), minutes
    for promised in commitments:
        _promise(session, row, promised, now=now)
    return row


def _promise(
    session: AsyncSession, row: Supervision, promised: Commitment, *, now: datetime
) -> None:
    if promised.due_on <= calendar.day_of(now):
        raise DeadlinePast
    due_at = calendar.closes_at(promised.due_on)
    commitment = SupervisionCommitment(
        id=uuid7(), supervision_id=row.id, text=promised.text, due_at=due_at
    )
    session.add(commitment)
    clock = timers.new(
        kind=steps.COMMITMENT_DUE, entity_id=str(commitment.id), due_at=due_at, rule=_RULE
    )
    timers.begin(session, clock)


async def note_overdue(session: AsyncSession, *, commitment_id: UUID, now: datetime) -> None:
    """What was promised is not shown to be kept: said once."""
    promised = await session.get_one(SupervisionCommitment, commitment_id)
    row = await orders.get(session, promised.supervision_id, lock=True)
    await session.refresh(promised)
    if row.stands not in LIVE or promised.kept_at or promised.overdue_at:
        return
    promised.overdue_at = now
    steps.tell_overdue(session, row, SupervisionStep.COMMITMENT, due_at=promised.due_at, now=now)
