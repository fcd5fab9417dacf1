"""Whom a unit reported to on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.lines import domain
from services.tasks.lines.domain import Above
from services.tasks.lines.tables import ReportingLine
from services.tasks.organisations.domain_periods import DAY
from services.tasks.organisations.queries import in_force, units_at
from services.tasks.organisations.tables import Unit

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7301)")


async def lock(session: AsyncSession) -> None:
    """Nobody else states lines until this transaction ends: two could close one circle."""
    await session.execute(_ONE_AT_A_TIME)


async def above(session: AsyncSession, *, on: date) -> Above:
    """Whom every unit reported to on a day: as stated, else as usual, if that unit was there."""
    units = {unit.code: unit for unit in await session.scalars(units_at(on))}
    stated = select(ReportingLine).where(in_force(ReportingLine, on))
    lines = {line.unit: line.superior for line in await session.scalars(stated)}

    def superior(code: str) -> str | None:
        if code not in units:
            return None
        higher = lines.get(code) or domain.usual(units[code])
        return higher if higher in units else None

    return superior


async def days_of_change(session: AsyncSession, *, since: date) -> Sequence[date]:
    """The days after a day on which any line begins or has ended, in order."""
    rows = await session.scalars(
        select(ReportingLine).where(
            or_(ReportingLine.effective_from > since, ReportingLine.effective_to >= since)
        )
    )
    ends = {
        day
        for row in rows
        for day in (row.effective_from, row.effective_to and row.effective_to + DAY)
        if day is not None and day > since
    }
    return sorted(ends)


async def standing(session: AsyncSession, unit: str) -> ReportingLine | None:
    """The line of a unit that has no end yet, locked."""
    newest = select(ReportingLine).where(
        ReportingLine.unit == unit, ReportingLine.effective_to.is_(None)
    )
    return await session.scalar(newest.with_for_update())


async def usually_under(session: AsyncSession, superior: str, *, on: date) -> Sequence[Unit]:
    """The units of a day that report to one as usual: no line of theirs reaches that day."""
    reach = ReportingLine.effective_to.is_(None) | (ReportingLine.effective_to >= on)
    stated = set(await session.scalars(select(ReportingLine.unit).where(reach)))
    units = await session.scalars(units_at(on).order_by(Unit.code))
    return [unit for unit in units if domain.usual(unit) == superior and unit.code not in stated]


async def naming(
    session: AsyncSession, units: Collection[str], *, on: date
) -> Sequence[ReportingLine]:
    """The lines from or to some units that reach a day or begin after it, locked."""
    reach = ReportingLine.effective_to.is_(None) | (ReportingLine.effective_to >= on)
    ends = ReportingLine.unit.in_(units) | ReportingLine.superior.in_(units)
    found = select(ReportingLine).where(ends, reach).with_for_update()
    return (await session.scalars(found)).all()
