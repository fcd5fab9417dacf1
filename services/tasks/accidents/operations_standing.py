"""Keep whether an accident counts, and how its report fell short: assessments ask for it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from reference.terms import Finding, FindingStatus, Grade
from services.tasks.accidents.operations import get
from services.tasks.accidents.tables import Accident, AccidentFinding


async def merge(session: AsyncSession, *, accident_id: UUID, into: UUID) -> None:
    """It is another accident: from now on it counts as that one."""
    (await get(session, accident_id)).merged_into = into


async def strike_off(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """It is no production-safety accident."""
    (await get(session, accident_id)).struck_off_at = now


async def restore(session: AsyncSession, *, accident_id: UUID) -> datetime | None:
    """It is a production-safety accident after all; since when it was none, if it was none."""
    accident = await get(session, accident_id)
    struck_off_at, accident.struck_off_at = accident.struck_off_at, None
    return struck_off_at


async def struck_off_at(session: AsyncSession, accident_id: UUID) -> datetime | None:
    """Since when it is no production-safety accident; it stays so until this transaction ends."""
    return (await get(session, accident_id)).struck_off_at


async def keep_publication(session: AsyncSession, *, accident_id: UUID, on: date) -> bool:
    """Keep that its investigation was published while it is struck off; whether it is."""
    accident = await session.get(Accident, accident_id, with_for_update=True)
    if accident is None or accident.struck_off_at is None:
        return False
    accident.told_published_on = on
    return True


async def take_publication(session: AsyncSession, accident_id: UUID) -> tuple[date, Grade] | None:
    """When its investigation was published while it was struck off, and its grade; taken once."""
    accident = await get(session, accident_id)
    day, accident.told_published_on = accident.told_published_on, None
    return None if day is None else (day, Grade(accident.grade))


async def leave_out(session: AsyncSession, *, accident_id: UUID, left_out: bool | None) -> None:
    """Keep whether it is too slight to be counted; None of a fact that does not say so."""
    if left_out is not None:
        (await get(session, accident_id)).left_out = left_out


async def keep_finding(
    session: AsyncSession,
    *,
    accident_id: UUID,
    finding_id: UUID,
    kind: Finding,
    status: FindingStatus,
    now: datetime,
) -> None:
    """Keep a finding as firmly as it stands now."""
    await get(session, accident_id)
    found = await session.get(AccidentFinding, finding_id, with_for_update=True)
    if found is None:
        found = AccidentFinding(finding_id=finding_id, accident_id=accident_id, kind=kind)
        session.add(found)
    found.status, found.stated_at = str(status), now
    await session.flush()
