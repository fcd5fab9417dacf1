"""State whom a unit reports to, and mend the lines of units that are no more."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from services.tasks.lines import domain, queries
from services.tasks.lines.domain import CircularLine
from services.tasks.lines.tables import ReportingLine
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain_periods import DAY
from services.tasks.organisations.operations import RecordedLater
from services.tasks.policies import POLICIES, Act


async def report_to(
    session: AsyncSession, *, unit_code: str, superior: str, on: date, by: Principal
) -> None:
    """Have a unit report to another one from a day on. Refused when a circle would close."""
    await queries.lock(session)
    unit = await organisations.unit(session, unit_code, day=on)
    POLICIES.require(by, Act.CHANGE_ORGANISATION, on=unit, seen_by=Act.READ_UNITS)
    await organisations.unit(session, superior, day=on)
    await _refuse_circle(session, unit_code, superior, first=on)
    await _renew(session, unit_code, superior, on=on)
    audit.note(
        session,
        by=by,
        act=Act.CHANGE_ORGANISATION,
        entity="reporting_line",
        entity_id=unit_code,
        detail={"superior": superior, "from": on.isoformat()},
    )


async def _refuse_circle(
    session: AsyncSession, unit: str, superior: str, *, first: date, last: date | None = None
) -> None:
    """No circle closes on the first day of a line nor on a later one that it holds on."""
    for day in (first, *await queries.days_of_change(session, since=first)):
        if last is not None and day > last:
            return
        if domain.closes_circle(unit, superior, above=await queries.above(session, on=day)):
            raise CircularLine(
                f"{superior} 在 {day} 向 {unit} 汇报，不能反过来。",
                f"{superior} reports to {unit} on {day}: not the other way round.",
            )


async def _renew(session: AsyncSession, unit: str, superior: str, *, on: date) -> None:
    line = await queries.standing(session, unit)
    if line is not None and line.effective_from == on:  # a correction on the very day
        line.superior = superior
        return
    if line is not None:
        if line.effective_from > on:
            raise RecordedLater
        line.effective_to = on - DAY
        await session.flush()  # what ends must end before what follows it is written
    session.add(ReportingLine(unit=unit, superior=superior, effective_from=on))


async def hand_over(session: AsyncSession, *, ended: str, heir: str, on: date) -> None:
    """A unit is no more from a day on: who reported to it reports to its heir.

    Its own line ends. Refused when the heir itself reports to one of those.
    """
    await queries.lock(session)
    higher = (await queries.above(session, on=on - DAY))(ended)
    orphans = [unit.code for unit in await queries.usually_under(session, ended, on=on)]
    for line in await queries.naming(session, [ended], on=on):
        first, last = max(line.effective_from, on), line.effective_to
        if line.effective_from >= on:
            await session.delete(line)
        else:
            line.effective_to = on - DAY
        await session.flush()
        if line.unit not in {ended, heir}:
            await _lead_to(session, line.unit, heir, first=first, last=last)
    for orphan in orphans:
        superior = higher if orphan == heir else heir
        if superior is not None:
            await _lead_to(session, orphan, superior, first=on, last=None)


async def _lead_to(
    session: AsyncSession, unit: str, superior: str, *, first: date, last: date | None
) -> None:
    await _refuse_circle(session, unit, superior, first=first, last=last)
    session.add(
        ReportingLine(unit=unit, superior=superior, effective_from=first, effective_to=last)
    )
    await session.flush()
