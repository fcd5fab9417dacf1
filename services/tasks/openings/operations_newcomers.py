"""Let an enterprise that is new, or newly meant, owe what is running from now on."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.ids import uuid7
from reference import subjects
from services.tasks.chains.tables import Enterprise
from services.tasks.obligations.domain import Cause, Status, kind_of
from services.tasks.obligations.tables import Obligation
from services.tasks.openings import domain, queries
from services.tasks.openings.domain import Occurrence
from services.tasks.openings.tables import Opening
from services.tasks.plans.domain_duties import PlanDuty


async def owe_from_now(session: AsyncSession, *, enterprise: Enterprise, now: datetime) -> int:
    """Open what runs and means the enterprise and is not open for it; of how many duties.

    A quota is owed in the share of the period that is left. What the enterprise owes already
    stays as it is.
    """
    on = calendar.day_of(now)
    opened = 0
    await queries.hold_beginning(session, on=on)
    for opening, duty in await queries.running(session, on=on):
        if _means(duty, enterprise, opening):
            opened += await _open(session, opening, duty, enterprise, now=now)
    return opened


def _means(duty: PlanDuty, enterprise: Enterprise, opening: Opening) -> bool:
    groups = duty.groups(on=opening.begun_on or opening.period_from)
    return any(
        subjects.includes(
            group,
            sector=enterprise.sector,
            high_risk=enterprise.high_risk,
            flags=enterprise.groups,
        )
        for group in groups
    )


async def _open(
    session: AsyncSession,
    opening: Opening,
    duty: PlanDuty,
    enterprise: Enterprise,
    *,
    now: datetime,
) -> int:
    one = Occurrence(first=opening.period_from, last=opening.period_to, least=opening.least)
    least = domain.owed_since(
        one,
        kind=duty.kind,
        since=calendar.day_of(now),
        begun_on=opening.begun_on or opening.period_from,
    )
    if least == 0:
        return 0
    await queries.hold(session, opening.id)
    row = insert(Obligation).values(
        id=uuid7(),
        kind=kind_of(duty.metric),
        duty_kind=duty.kind,
        status=Status.OPEN,
        origin=opening.id,
        cause=Cause.PERIOD,
        duty=duty.name,
        subject=enterprise.uscc,
        enterprise_uscc=enterprise.uscc,
        region_code=enterprise.region_code,
        rule=duty.rule,
        due_at=opening.due_at,
        opened_at=now,
        plan_version=opening.version,
        period_from=opening.period_from,
        period_to=opening.period_to,
        least=least,
    )
    fresh = await session.scalar(row.on_conflict_do_nothing().returning(Obligation.id))
    return int(fresh is not None)
