"""End openings of an event that fell away, and go on with them where it stands after all."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar, timers
from reference import holidays
from services.tasks.obligations import rules
from services.tasks.openings import domain, queries
from services.tasks.openings.domain import OpeningAction, OpeningStatus
from services.tasks.openings.operations import BEGINS, ENDS

_RULE = "platform"


async def release(session: AsyncSession, *, origin: UUID, now: datetime) -> None:
    """Open it for nobody more, and find nobody late at its end."""
    for row in await queries.of_origin(session, origin):
        if domain.may(row.status, OpeningAction.RELEASE):
            row.status = domain.after(row.status, OpeningAction.RELEASE)
            for kind in (BEGINS, ENDS):
                await timers.cancel(session, kind=kind, entity_id=str(row.id), now=now)


async def resume(session: AsyncSession, *, origin: UUID, ended_at: datetime, now: datetime) -> None:
    """It is owed after all, with the time that was left; whoever was not reached is opened for."""
    for row in await queries.of_origin(session, origin):
        if row.status != OpeningStatus.RELEASED:
            continue
        row.status = domain.after(row.status, OpeningAction.RESUME)
        row.stage, row.after = 0, ""
        row.due_at = rules.resumed_due(
            row.due_at, ended_at=ended_at, resumed_at=now, days_off=holidays.calendar()
        )
        row.period_to = calendar.day_of(row.due_at - timedelta(microseconds=1))
        for kind, due_at in ((BEGINS, now), (ENDS, row.due_at)):
            await timers.arm(
                session,
                kind=kind,
                entity_id=str(row.id),
                due_at=due_at,
                rule=_RULE,
                reason="resumed",
            )
