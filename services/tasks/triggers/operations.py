"""Set off the duties of a plan that one event means for everybody in scope."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.obligations.domain import Cause
from services.tasks.openings import operations_beginnings as openings
from services.tasks.openings.operations_beginnings import Occasion
from services.tasks.plans.domain_duties import PlanDuty
from services.tasks.triggers.domain import due_of


async def open_for_everybody(
    session: AsyncSession,
    *,
    origin: UUID,
    duties: Iterable[PlanDuty],
    on: date,
    counted_from: date,
    now: datetime,
) -> None:
    """Open duties for whom they mean on a day; their time counts from when it was known here."""
    what = Occasion(origin=origin, cause=Cause.PUBLICATION, on=on)
    for duty in duties:
        due_at = due_of(duty, on=counted_from)
        await openings.set_off(session, duty, what, due_at=due_at, now=now)
