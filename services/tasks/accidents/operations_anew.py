"""Ask what was told of an accident while it was struck off, now that it stands again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentReported
from reference.terms import Finding, FindingStatus
from services.tasks.accidents import operations
from services.tasks.accidents.tables import Accident, AccidentFinding

_REPORTED = AccidentReported.subject.rpartition(".")[0]


async def ask(session: AsyncSession, *, accident_id: UUID, since: datetime, now: datetime) -> None:
    """Open what would stand by now, as if it had been reported the way it is known.

    `since`: when it was struck off. What it had asked by then stands again already.
    """
    accident = await operations.get(session, accident_id)
    harmed, accident.told_harmed = accident.told_harmed, None
    if harmed is not None:
        await operations.ask_by_grade(
            session, accident_id=accident_id, event=_REPORTED, casualties=harmed, now=now
        )
    for found in await _found(session, accident, since=since):
        await operations.hold_to_account(
            session,
            accident_id=accident_id,
            finding=Finding(found.kind),
            status=FindingStatus(found.status),
            now=now,
        )
    await operations.renew_investigation(session, accident, reason="stands again", now=now)


async def _found(
    session: AsyncSession, accident: Accident, *, since: datetime
) -> list[AccidentFinding]:
    found = select(AccidentFinding).where(
        AccidentFinding.accident_id == accident.accident_id,
        AccidentFinding.stated_at >= since,
        AccidentFinding.status != FindingStatus.DISMISSED,
    )
    return list(await session.scalars(found.order_by(AccidentFinding.finding_id)))
