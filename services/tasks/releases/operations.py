"""End what an accident asked that was struck off, some at a time; let it stand again likewise.

What an investigation recommends is not among it: what is dangerous stays so whatever the
statistics call it, and incidents, where it was asked for, says when it is done.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import InvestigationPublished
from kernel import calendar, timers
from reference.terms import Grade
from reference.triggers import Happening
from services.tasks.accidents import operations_anew as anew
from services.tasks.accidents import operations_standing as standing
from services.tasks.obligations import operations_releases as obligations
from services.tasks.obligations.domain import Cause, Release
from services.tasks.openings import operations_releases as openings
from services.tasks.parts import operations_opening as parts
from services.tasks.plans import queries as plans
from services.tasks.releases import queries
from services.tasks.supervisions import operations_causes_gone as supervisions
from services.tasks.triggers import operations as triggers

RELEASE_DUE, RESUME_DUE = "release_due", "resume_due"
_RULE = "platform"
_SETS = Cause.PUBLICATION
"""The cause for which enterprises owe something by the hundred thousand."""


async def release_some(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """End some more of what a struck off accident asks; nothing once it stands again.

    Everything of units and of single enterprises comes first, and at once.
    """
    struck_off_at = await standing.struck_off_at(session, accident_id)
    if struck_off_at is None:
        return
    await openings.release(session, origin=accident_id, now=now)
    for row in await queries.live(session, accident_id):
        await obligations.release(session, row, reason=Release.STRUCK_OFF, at=struck_off_at)
        await parts.let_go(session, row, now=struck_off_at)
    more = await obligations.release_some(
        session, origin=accident_id, cause=_SETS, reason=Release.STRUCK_OFF, at=struck_off_at
    )
    await supervisions.withdraw_about(
        session, accident_id=accident_id, reason=Release.STRUCK_OFF, now=now
    )
    if more:
        await _go_on(session, RELEASE_DUE, accident_id, now=now)


async def resume(
    session: AsyncSession, *, accident_id: UUID, struck_off_at: datetime, now: datetime
) -> None:
    """It is an accident after all: what it asked is owed again, with what was told meanwhile.

    Orders that were withdrawn are not sent again: whoever signs such letters decides on new ones.
    """
    for row in await queries.released(session, accident_id):
        await obligations.resume(session, row, now=now)
        await parts.take_up(session, row, now=now)
    await openings.resume(session, origin=accident_id, ended_at=struck_off_at, now=now)
    await session.flush()
    await resume_some(session, accident_id=accident_id, now=now)
    await anew.ask(session, accident_id=accident_id, since=struck_off_at, now=now)
    await _ask_everybody(session, accident_id, now=now)


async def resume_some(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Let some more enterprises owe it again; nothing if it was struck off once more."""
    if await standing.struck_off_at(session, accident_id) is not None:
        return
    if await obligations.resume_some(session, origin=accident_id, cause=_SETS):
        await _go_on(session, RESUME_DUE, accident_id, now=now)


async def _ask_everybody(session: AsyncSession, accident_id: UUID, *, now: datetime) -> None:
    """A report that was published meanwhile asks what it would have asked then."""
    kept = await standing.take_publication(session, accident_id)
    if kept is not None:
        day, grade = kept
        await ask_everybody(session, accident_id=accident_id, grade=grade, day=day, now=now)


async def ask_everybody(
    session: AsyncSession, *, accident_id: UUID, grade: Grade, day: date, now: datetime
) -> None:
    """The plan has everybody in scope learn from a published investigation."""
    what = Happening(event=InvestigationPublished.subject.rpartition(".")[0], grade=grade)
    await triggers.open_for_everybody(
        session,
        origin=accident_id,
        duties=await plans.set_off(session, what, on=day),
        on=day,
        counted_from=max(day, calendar.day_of(now)),
        now=now,
    )


async def _go_on(session: AsyncSession, kind: str, accident_id: UUID, *, now: datetime) -> None:
    await timers.arm(
        session, kind=kind, entity_id=str(accident_id), due_at=now, rule=_RULE, reason="continued"
    )
