"""Finding rescues and their days."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from services.incidents.reports.tables import Report
from services.incidents.rescues.domain import DayStatus
from services.incidents.rescues.tables import FollowUpDay, Rescue, RescueStep


async def find(session: AsyncSession, accident_id: UUID, *, lock: bool = False) -> Rescue | None:
    """The rescue after an accident, if it is known yet."""
    return await session.get(Rescue, accident_id, with_for_update=lock or None)


async def get(session: AsyncSession, accident_id: UUID, *, lock: bool = False) -> Rescue:
    """The rescue after an accident. With `lock`, nobody else changes it or its days."""
    rescue = await find(session, accident_id, lock=lock)
    if rescue is None:
        raise NotFound(
            f"事故 {accident_id} 没有救援记录", f"No rescue is known of accident {accident_id}."
        )
    return rescue


async def steps(session: AsyncSession, accident_id: UUID) -> Sequence[RescueStep]:
    """What was said of a rescue, oldest first."""
    chosen = select(RescueStep).where(RescueStep.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(RescueStep.at, RescueStep.id))).all()


async def days(session: AsyncSession, accident_id: UUID) -> Sequence[FollowUpDay]:
    """The days of a rescue, oldest first."""
    chosen = select(FollowUpDay).where(FollowUpDay.accident_id == accident_id)
    return (await session.scalars(chosen.order_by(FollowUpDay.day))).all()


async def day(session: AsyncSession, accident_id: UUID, on: date) -> FollowUpDay | None:
    """One day of a rescue, if follow-ups are owed on it."""
    chosen = select(FollowUpDay).where(
        FollowUpDay.accident_id == accident_id, FollowUpDay.day == on
    )
    return (await session.scalars(chosen)).one_or_none()


async def latest_day(session: AsyncSession, accident_id: UUID) -> FollowUpDay | None:
    """The last day of a rescue that was opened."""
    chosen = select(FollowUpDay).where(FollowUpDay.accident_id == accident_id)
    latest = chosen.order_by(FollowUpDay.day.desc()).limit(1)
    return (await session.scalars(latest)).one_or_none()


async def owed(session: AsyncSession, *, unit: str | None, limit: int) -> Sequence[FollowUpDay]:
    """Days that still need follow-ups, soonest due first; those of one desk."""
    chosen = select(FollowUpDay).where(FollowUpDay.status == str(DayStatus.OPEN))
    if unit is not None:
        chosen = chosen.where(FollowUpDay.unit == unit)
    ordered = chosen.order_by(FollowUpDay.due_at, FollowUpDay.id).limit(limit)
    return (await session.scalars(ordered)).all()


async def received_between(
    session: AsyncSession, accident_id: UUID, *, start: datetime, end: datetime
) -> int:
    """How many reports of an accident were received from one instant to before another."""
    chosen = select(func.count()).where(
        Report.accident_id == accident_id, Report.received_at >= start, Report.received_at < end
    )
    return await session.scalar(chosen) or 0
