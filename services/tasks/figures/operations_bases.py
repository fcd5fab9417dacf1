"""Freeze the bases that reductions are measured from: once, when their year begins."""

from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar, timers
from kernel.access import Place, Principal
from reference import city
from services.tasks.figures import queries
from services.tasks.figures.domain import BaseStands
from services.tasks.figures.tables import FigureBase, FigureFreeze, FigureReport
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import FigureAct

BASE_DUE = "figure_base_due"
_RULE = "platform figure base"

_FREEZE = text(
    """
    INSERT INTO figure_base (year, metric, region_code, unit, enterprise_uscc, day, amount)
    SELECT :year, metric, region_code, coalesce(unit, ''), coalesce(enterprise_uscc, ''),
           day, sum(amount)
    FROM figure
    WHERE day >= :first AND day <= :last AND amount IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM figure AS newer
        WHERE newer.metric = figure.metric AND newer.source = figure.source
          AND newer.version > figure.version)
    GROUP BY metric, region_code, unit, enterprise_uscc, day
    ON CONFLICT DO NOTHING
    """
)


async def arm_freezing(session: AsyncSession, *, now: datetime) -> None:
    """The base of next year's reductions freezes when that year begins."""
    year = calendar.day_of(now).year + 1
    armed = select(timers.Timer.timer_id).where(
        timers.Timer.kind == BASE_DUE, timers.Timer.entity_id == str(year)
    )
    if await session.scalar(armed.limit(1)) is None:
        begins = calendar.opens_at(date(year, 1, 1))
        timers.arm_once(
            session, timers.new(kind=BASE_DUE, entity_id=str(year), due_at=begins, rule=_RULE)
        )


async def freeze_when_due(
    session: AsyncSession, *, year: int, by: Principal, now: datetime
) -> None:
    """Freeze a year's base unless an office has done it before."""
    if await queries.frozen(session, year) is None:
        await _freeze(session, year=year, by=by, now=now)


async def freeze(session: AsyncSession, *, year: int, by: Principal, now: datetime) -> FigureFreeze:
    """Freeze a year's base by hand, where the year before was loaded after it began."""
    place = Place(city.current().code)
    POLICIES.require(by, FigureAct.FREEZE_BASE, on=place, seen_by=FigureAct.READ_FIGURES)
    if await queries.frozen(session, year) is not None:
        raise BaseStands(year=year)
    row = await _freeze(session, year=year, by=by, now=now)
    audit.note(session, by=by, act=FigureAct.FREEZE_BASE, entity="figure_base", entity_id=year)
    return row


async def _freeze(
    session: AsyncSession, *, year: int, by: Principal, now: datetime
) -> FigureFreeze:
    row = FigureFreeze(year=year, frozen_at=now, frozen_by=by.subject)
    session.add(row)
    await session.flush()  # two who freeze the same year: one of them finds it taken
    days = {"first": date(year - 1, 1, 1), "last": date(year - 1, 12, 31)}
    await session.execute(_FREEZE, {"year": year, **days})
    return row


async def refuse_frozen(session: AsyncSession, *, row: FigureReport, year: int) -> None:
    """What a subject's reduction is measured from is stated once."""
    whose = _whose(row)
    first, last = date(year - 1, 1, 1), date(year - 1, 12, 31)
    found = await queries.base(session, row.metric, year=year, whose=whose, first=first, last=last)
    if found is not None:
        raise BaseStands(year=year)


async def keep_stated(session: AsyncSession, *, row: FigureReport, year: int) -> None:
    """The first accepted figure of the year before is the base of what a subject reports."""
    await refuse_frozen(session, row=row, year=year)
    session.add(
        FigureBase(
            year=year,
            metric=row.metric,
            region_code=row.region_code,
            unit=row.unit or "",
            enterprise_uscc=row.enterprise_uscc or "",
            day=row.day,
            amount=row.amount or 0,
        )
    )


def _whose(row: FigureReport) -> queries.Whose:
    if row.unit is not None:
        return queries.Whose(units=(row.unit,))
    return queries.Whose(enterprises=(row.subject,))
