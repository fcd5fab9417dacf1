"""Keep whether an accident counts, and how its report fell short: assessments ask for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from reference.terms import Finding, FindingStatus
from services.tasks.accidents.operations import AccidentUnheardOf
from services.tasks.accidents.tables import Accident, AccidentFinding


async def merge(session: AsyncSession, *, accident_id: UUID, into: UUID) -> None:
    """It is another accident: from now on it counts as that one."""
    (await _get(session, accident_id)).merged_into = into


async def strike_off(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """It is no production-safety accident."""
    (await _get(session, accident_id)).struck_off_at = now


async def restore(session: AsyncSession, *, accident_id: UUID) -> None:
    """It is a production-safety accident after all."""
    (await _get(session, accident_id)).struck_off_at = None


async def leave_out(session: AsyncSession, *, accident_id: UUID, left_out: bool | None) -> None:
    """Keep whether it is too slight to be counted; None of a fact that does not say so."""
    if left_out is not None:
        (await _get(session, accident_id)).left_out = left_out


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
    await _get(session, accident_id)
    found = await session.get(AccidentFinding, finding_id, with_for_update=True)
    if found is None:
        found = AccidentFinding(finding_id=finding_id, accident_id=accident_id, kind=kind)
        session.add(found)
    found.status, found.stated_at = str(status), now
    await session.flush()


async def _get(session: AsyncSession, accident_id: UUID) -> Accident:
    accident = await session.get(Accident, accident_id, with_for_update=True)
    if accident is None:
        raise AccidentUnheardOf(accident_id)
    return accident
