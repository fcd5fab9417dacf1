"""Counting accidents, which the year of the assessment counts by its own window.

A year has some thousands of them in a city: they are judged one by one, by the rule itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import md5
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.calendar import Cadence
from reference import scoring
from reference.scorerows import Indicator
from reference.terms import Figure, Finding, FindingStatus, Grade
from services.tasks.accidents.tables import Accident, AccidentFinding
from services.tasks.indicators import rules
from services.tasks.indicators.domain import MOST_NAMED, Count, Period

COUNTED = frozenset({Figure.ACCIDENTS, Figure.ACCIDENTS_FEWER, Figure.CONCEALMENTS})
_HIDDEN = (Finding.CONCEALED, Finding.FALSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An accident that counts, with what decides in which year it does."""

    accident_id: UUID
    region_code: str
    enterprise_uscc: str | None
    industry: str | None
    happened_at: datetime
    grade: Grade
    concealed_at: datetime | None
    """Since when it is confirmed that it was concealed."""
    hidden: tuple[Finding, ...] = ()
    """Whether concealment or a false report was confirmed of it."""

    @property
    def happened_on(self) -> date:
        """The day of it."""
        return calendar.day_of(self.happened_at)

    def year(self) -> int:
        """The year of the assessment to which it counts."""
        found = calendar.day_of(self.concealed_at) if self.concealed_at else None
        return rules.counts_in(
            happened_on=self.happened_on,
            grade=self.grade,
            found_concealed_on=found,
            window=scoring.window(on=self.happened_on),
        )


async def of_year(session: AsyncSession, year: int, *, graver: bool = False) -> Sequence[Judged]:
    """The accidents that count in a year of the assessment, by id; only larger ones if wanted.

    What is too slight for the statistics (Statistics Measures, 5) counts in none.
    """
    began, ends = calendar.opens_at(date(year - 1, 1, 1)), calendar.closes_at(date(year, 12, 31))
    found_in = and_(AccidentFinding.stated_at >= began, AccidentFinding.stated_at < ends)
    hidden = select(AccidentFinding.accident_id).where(found_in, _confirmed())
    around = or_(
        and_(Accident.happened_at >= began, Accident.happened_at < ends),
        Accident.accident_id.in_(hidden),
    )
    rows = await judged(session, and_(around, ~Accident.left_out), graver=graver)
    return [row for row in rows if row.year() == year]


async def judged(
    session: AsyncSession, chosen: ColumnElement[bool], *, graver: bool = False
) -> Sequence[Judged]:
    """Accidents that count, by id, each with what was confirmed of its report."""
    counts = [chosen, Accident.merged_into.is_(None), Accident.struck_off_at.is_(None)]
    if graver:
        counts.append(Accident.grade != Grade.GENERAL)
    concealed = func.min(AccidentFinding.stated_at).filter(
        AccidentFinding.kind == Finding.CONCEALED
    )
    found = (
        select(
            AccidentFinding.accident_id,
            concealed.label("concealed_at"),
            func.array_agg(AccidentFinding.kind.distinct()).label("kinds"),
        )
        .where(_confirmed())
        .group_by(AccidentFinding.accident_id)
        .subquery()
    )
    query = (
        select(Accident, found.c.concealed_at, found.c.kinds)
        .outerjoin(found, found.c.accident_id == Accident.accident_id)
        .where(*counts)
        .order_by(Accident.accident_id)
    )
    return [
        Judged(
            accident_id=row.accident_id,
            region_code=row.region_code,
            enterprise_uscc=row.enterprise_uscc,
            industry=row.industry,
            happened_at=row.happened_at,
            grade=Grade(row.grade),
            concealed_at=concealed_at,
            hidden=tuple(Finding(kind) for kind in sorted(kinds or ())),
        )
        for row, concealed_at, kinds in await session.execute(query)
    ]


def _confirmed() -> ColumnElement[bool]:
    return and_(
        AccidentFinding.status == FindingStatus.CONFIRMED, AccidentFinding.kind.in_(_HIDDEN)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a figure of accidents counts in one place, in the order of their ids."""

    above: Sequence[UUID] = ()
    """In the numerator."""
    below: Sequence[UUID] = ()
    """In the denominator."""

    @property
    def digest(self) -> str | None:
        """Over those in the numerator, which cost points; None of none."""
        covered = ",".join(map(str, self.above)).encode()
        return md5(covered, usedforsecurity=False).hexdigest() if self.above else None


async def counted(
    session: AsyncSession, indicator: Indicator, *, places: Sequence[str], period: Period
) -> Mapping[str, Count]:
    """Accidents of a period, those against the year before, or those found to be concealed."""
    found = await named(session, indicator, places=places, period=period)
    return {
        place: Count(
            numerator=len(one.above),
            denominator=len(one.below),
            costly=tuple(one.above[:MOST_NAMED]),
            digest=one.digest,
        )
        for place, one in found.items()
    }


async def named(
    session: AsyncSession, indicator: Indicator, *, places: Sequence[str], period: Period
) -> Mapping[str, Named]:
    """The same one by one; a place that has none is left out."""
    if indicator.figure is Figure.CONCEALMENTS:
        now = _grouped(await _hidden(session, period))
    else:
        now = _grouped(await _during(session, indicator, period))
    base = now
    if indicator.figure is Figure.ACCIDENTS_FEWER:
        base = _grouped(await _during(session, indicator, period.year_before))
    return {
        place: Named(above=now.get(place, ()), below=base.get(place, ()))
        for place in places
        if place in now or place in base
    }


async def _during(session: AsyncSession, indicator: Indicator, period: Period) -> Sequence[Judged]:
    if period.cadence is Cadence.YEAR:
        rows = await of_year(session, period.year)
    else:
        within = and_(
            Accident.happened_at >= period.begins_at,
            Accident.happened_at < period.ends_at,
            ~Accident.left_out,
        )
        rows = await judged(session, within)
    return [row for row in rows if not indicator.grades or row.grade in indicator.grades]


async def _hidden(session: AsyncSession, period: Period) -> Sequence[Judged]:
    """What was hidden was hidden, however slight it was: the report is held against the law."""
    confirmed = select(AccidentFinding.accident_id).where(
        _confirmed(),
        AccidentFinding.stated_at >= period.begins_at,
        AccidentFinding.stated_at < period.ends_at,
    )
    return await judged(session, Accident.accident_id.in_(confirmed))


def _grouped(rows: Sequence[Judged]) -> Mapping[str, Sequence[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        found[row.region_code].append(row.accident_id)
    return found
