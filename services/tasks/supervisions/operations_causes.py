"""What an order is about: found, seen by the actor, and late where it has to be."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationKind
from kernel import calendar
from kernel.access import NotFound, Principal
from reference.terms import SupervisionCause
from services.tasks.accidents.tables import Accident
from services.tasks.dispatches import queries as parts
from services.tasks.obligations import queries as obligations
from services.tasks.orders import queries as orders
from services.tasks.orders.domain import OrderStatus
from services.tasks.plans import queries as plans
from services.tasks.policies import POLICIES, Act
from services.tasks.supervisions.domain import (
    CauseFacts,
    CauseNotOverdue,
    Drafted,
    SupervisionUnfit,
)


async def found(
    session: AsyncSession, wanted: Drafted, *, by: Principal, now: datetime
) -> CauseFacts:
    """What is known of a cause; refused where there is none, or where it is not late."""
    if wanted.cause is SupervisionCause.FREE:
        if wanted.cause_id is not None or not wanted.cause_reason:
            raise SupervisionUnfit(
                "其他事由须说明原因，且无编号", "A free cause states its reason and has no id."
            )
        return CauseFacts(kind=wanted.cause, id=None, reason=wanted.cause_reason)
    if wanted.cause_id is None:
        raise SupervisionUnfit("须指明事由编号", "Name the id of the cause.")
    if wanted.cause is SupervisionCause.DUTY:
        return await _duty(session, wanted, wanted.cause_id, now=now)
    cause_id = _uuid(wanted.cause_id)
    if wanted.cause is SupervisionCause.OBLIGATION:
        return await _obligation(session, wanted, cause_id, by=by)
    if wanted.cause is SupervisionCause.ORDER:
        return await _order(session, wanted, cause_id, by=by)
    if wanted.cause is SupervisionCause.ACCIDENT:
        return await _accident(session, wanted, cause_id)
    # Hazards are the inspections' own; what they told of one is its id.
    return CauseFacts(
        kind=wanted.cause, id=str(cause_id), reason=wanted.cause_reason, rectifies=True
    )


def _uuid(stated: str) -> UUID:
    try:
        return UUID(stated)
    except ValueError:
        raise NotFound(f"没有事项 {stated}。", f"There is no cause {stated}.") from None


async def _obligation(
    session: AsyncSession, wanted: Drafted, cause_id: UUID, *, by: Principal
) -> CauseFacts:
    row = await obligations.get(session, cause_id)
    POLICIES.require(by, Act.READ_OBLIGATIONS, on=row, seen_by=Act.READ_OBLIGATIONS)
    if row.overdue_at is None or row.closed_at is not None:
        raise CauseNotOverdue
    day = calendar.day_of(row.due_at)
    return CauseFacts(
        kind=wanted.cause,
        id=str(row.id),
        reason=wanted.cause_reason,
        unit=row.unit,
        enterprise_uscc=row.enterprise_uscc,
        rectifies=row.kind == ObligationKind.RECTIFICATION,
        title=f"关于逾期任务（{row.duty}）",
        matter=f"任务 {row.duty} 应于 {day:%Y-%m-%d} 前完成，现已逾期，限期办结并报送办理结果。",
    )


async def _order(
    session: AsyncSession, wanted: Drafted, cause_id: UUID, *, by: Principal
) -> CauseFacts:
    order = await orders.seen(session, cause_id, by=by)
    late = [part for part in await parts.of_order(session, order.id) if part.overdue_at]
    waits = [part for part in late if part.answered_at is None and part.ended_at is None]
    dispatch_late = order.dispatch_overdue_at is not None and order.stands is OrderStatus.RECEIVED
    if not waits and not dispatch_late:
        raise CauseNotOverdue
    lead = next((part.unit for part in waits if part.leads), waits[0].unit if waits else None)
    return CauseFacts(
        kind=wanted.cause,
        id=str(order.id),
        reason=wanted.cause_reason,
        unit=lead or order.unit,
        title=f"关于 {order.hotline} 热线逾期工单（{order.number}）",
        matter=f"热线工单 {order.number} 已超办理时限，限期办结、答复来电人并报送办理结果。",
    )


async def _accident(session: AsyncSession, wanted: Drafted, cause_id: UUID) -> CauseFacts:
    row = await session.scalar(select(Accident).where(Accident.accident_id == cause_id))
    if row is None:
        raise NotFound(f"没有事故 {cause_id}。", f"There is no accident {cause_id}.")
    return CauseFacts(kind=wanted.cause, id=str(cause_id), reason=wanted.cause_reason)


async def _duty(
    session: AsyncSession, wanted: Drafted, stated: str, *, now: datetime
) -> CauseFacts:
    year, _, code = stated.partition("/")
    if not (year.isascii() and year.isdigit()) or len(year) != len(str(now.year)) or not code:
        raise SupervisionUnfit("工作要点任务形如 2023/9.2", "A duty is named like 2023/9.2.")
    issued = await plans.plan(session, int(year))
    duty = next((d for d in await plans.duties(session, issued) if d.code == code), None)
    if duty is None:
        raise NotFound(f"工作要点中没有 {stated}。", f"The plan has no duty {stated}.")
    return CauseFacts(
        kind=wanted.cause,
        id=stated,
        reason=wanted.cause_reason,
        title=f"关于工作要点任务（{stated}）",
        matter=duty.text_zh,
    )
