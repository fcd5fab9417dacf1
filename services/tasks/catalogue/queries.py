"""The lines in force on a day, and what was learnt by then."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import chains, city, orders, places
from services.tasks.catalogue import rules
from services.tasks.catalogue.rules import Candidate, Lesson, Lessons, Line
from services.tasks.catalogue.tables import CatalogueLine, LearntLesson
from services.tasks.organisations import queries as organisations
from services.tasks.successions import queries as successions

_A_DAY = timedelta(days=1)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('catalogue_line'))")


async def lock(session: AsyncSession) -> None:
    """Nobody else writes lines until this transaction ends: two could close one circle."""
    await session.execute(_ONE_AT_A_TIME)


async def days_of_change(session: AsyncSession, *, since: date) -> Sequence[date]:
    """The days after a day on which a line begins or has ended, in order."""
    written = await session.scalars(
        select(CatalogueLine).where(
            or_(CatalogueLine.effective_from > since, CatalogueLine.effective_to >= since)
        )
    )
    ends = {
        day
        for row in (*written, *city.current().dispatch_rules)
        for day in (row.effective_from, row.effective_to and row.effective_to + _A_DAY)
        if day is not None and day > since
    }
    return sorted(ends)


async def lines(session: AsyncSession, *, on: date) -> Sequence[Line]:
    """The catalogue of a day: the city's own lines over those of its pack."""
    known = {
        (row.matter, row.region): Line(
            matter=row.matter,
            region=row.region,
            lead=row.lead,
            supporting=row.supporting,
            same_as=row.same_as,
        )
        for row in orders.lines(on=on)
    }
    ends = or_(CatalogueLine.effective_to.is_(None), CatalogueLine.effective_to >= on)
    written = select(CatalogueLine).where(CatalogueLine.effective_from <= on, ends)
    for row in await session.scalars(written):
        known[row.matter, row.region] = line_of(row)
    return [known[key] for key in sorted(known)]


def line_of(row: CatalogueLine) -> Line:
    """A stored line as the rules read it."""
    return Line(
        matter=row.matter,
        region=row.region,
        lead=row.lead,
        supporting=tuple(row.supporting),
        same_as=row.same_as,
    )


async def standing(session: AsyncSession, *, matter: str, region: str) -> CatalogueLine | None:
    """The newest written line of a matter in a place, locked."""
    newest = select(CatalogueLine).where(
        CatalogueLine.matter == matter,
        CatalogueLine.region == region,
        CatalogueLine.effective_to.is_(None),
    )
    return await session.scalar(newest.with_for_update())


async def lessons(session: AsyncSession, *, matter: str, region: str, until: datetime) -> Lessons:
    """What was learnt of a matter in a place by an instant, counted from the log."""
    counted = (
        select(LearntLesson.unit, LearntLesson.lesson, func.count())
        .where(
            LearntLesson.matter == matter,
            LearntLesson.region == region,
            LearntLesson.learnt_at <= until,
        )
        .group_by(LearntLesson.unit, LearntLesson.lesson)
    )
    found: dict[str, dict[Lesson, int]] = defaultdict(dict)
    for unit, lesson, times in await session.execute(counted):
        found[unit][Lesson(lesson)] = times
    return dict(found)


async def proposal(
    session: AsyncSession, *, matter: str, region: str, sector: str | None, at: datetime
) -> tuple[Candidate, ...]:
    """Which units an order that comes at an instant should go to, best first, with reasons.

    `sector` is that of the enterprise concerned, where one is known.
    """
    on = calendar.day_of(at)
    line = rules.line_for(await lines(session, on=on), matter=matter, region=region)
    named = line.lead if line else None
    patterns = [*([named] if named else []), *(line.supporting if line else ())]
    meant = {pattern: places.filled(pattern, region) for pattern in patterns}
    known = orders.matter(matter, on=on)
    field = sector or (known.sector if known else None)
    answering = chains.answering(sector=field, region=region, on=on) if field else None
    learnt = await lessons(session, matter=matter, region=region, until=at)
    chain = answering.lead if answering else ()
    bearing = await _bearing(session, {*meant.values(), *chain, *learnt}, on=on)
    lead = bearing.get(meant[named]) if named else None
    supporting = [bearing.get(meant[pattern]) for pattern in (line.supporting if line else ())]
    return rules.proposed(
        lead=lead,
        supporting=[unit for unit in dict.fromkeys(supporting) if unit and unit != lead],
        chain=list(dict.fromkeys(bearing[unit] for unit in chain if unit in bearing)),
        lessons=_inherited(learnt, bearing),
    )


async def _bearing(session: AsyncSession, units: set[str], *, on: date) -> dict[str, str]:
    """Who is to be sent on a day what some units were; those whom nobody follows are not in it."""
    heirs = await successions.bearing(session, units, on=on)
    known = await organisations.known(session, set(heirs.values()), day=on)
    return {unit: heir for unit, heir in heirs.items() if heir in known}


def _inherited(lessons: Lessons, bearing: Mapping[str, str]) -> Lessons:
    """What was learnt of a unit that ended is learnt of its heir."""
    found: dict[str, Counter[Lesson]] = defaultdict(Counter)
    for unit, learnt in lessons.items():
        if unit in bearing:
            found[bearing[unit]].update(learnt)
    return found
