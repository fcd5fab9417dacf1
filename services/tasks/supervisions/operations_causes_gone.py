"""Take back orders whose cause fell away: nobody answers for what is not owed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, and_, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import SupervisionWithdrawn
from kernel.access import SYSTEM
from kernel.outbox import publish
from reference.terms import SupervisionCause
from services.tasks.obligations.domain import Release, Status
from services.tasks.obligations.tables import Obligation
from services.tasks.supervisions import operations
from services.tasks.supervisions.domain import TRANSITIONS, SupervisionAction, SupervisionStatus
from services.tasks.supervisions.tables import Supervision

_OPEN = frozenset(status for status, action in TRANSITIONS if action is SupervisionAction.WITHDRAW)
_SAID = {Release.STRUCK_OFF: "起因事故已核销，不属于生产安全事故，本文书自动撤回。"}


async def withdraw_about(
    session: AsyncSession, *, accident_id: UUID, reason: Release, now: datetime
) -> None:
    """Withdraw what is open about an accident, or about what was released of what it asked.

    What was answered and found good stands: it asks for nothing more.
    """
    released = select(cast(Obligation.id, Text)).where(
        Obligation.origin == accident_id,
        Obligation.status != Status.SUPERSEDED,  # as the index that it is found by says it
        Obligation.status == Status.RELEASED,
    )
    about = or_(
        and_(
            Supervision.cause == SupervisionCause.ACCIDENT,
            Supervision.cause_id == str(accident_id),
        ),
        and_(Supervision.cause == SupervisionCause.OBLIGATION, Supervision.cause_id.in_(released)),
    )
    chosen = select(Supervision).where(about, Supervision.status.in_(_OPEN))
    for row in await session.scalars(chosen.order_by(Supervision.id).with_for_update()):
        await _withdraw(session, row, reason=reason, now=now)


async def _withdraw(
    session: AsyncSession, row: Supervision, *, reason: Release, now: datetime
) -> None:
    was_out = row.stands is not SupervisionStatus.DRAFTED
    operations.step_on(
        session,
        row,
        SupervisionAction.WITHDRAW,
        by=SYSTEM,
        now=now,
        note=_SAID[reason],
        detail={"reason": str(reason)},
    )
    await operations.end(session, row, now=now)
    if was_out:
        facts, units = operations.facts(row), tuple(row.addressees)
        publish(session, SupervisionWithdrawn(**facts, occurred_at=now, units=units))
