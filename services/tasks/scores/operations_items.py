"""Keeping with each new line all that it counts, so that every point can be traced for good."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import scoring
from services.tasks.indicators import queries as counting
from services.tasks.indicators.domain import Period, Subject
from services.tasks.scores.domain import CountedMeanwhile, LineKind
from services.tasks.scores.tables import ScoreItems, ScoreLine

_COLUMNS = ("line_id", "items", "in_numerator", "in_denominator", "digest")


async def keep(
    session: AsyncSession, fresh: Iterable[tuple[Subject, ScoreLine]], *, period: Period
) -> None:
    """List what each new line counts, in the transaction that writes the line.

    The same conditions as counted it find it, in a second statement: the database copies what
    may be tens of thousands of ids. What changed between the two shows in the figures or in
    the digest, and then nothing of the piece is written.
    """
    of: dict[tuple[str, str], dict[Subject, ScoreLine]] = defaultdict(dict)
    for subject, line in fresh:
        if line.kind == LineKind.COUNTED and (line.numerator or line.denominator):
            of[subject.group, line.indicator][subject] = line
    for (group, code), lines in of.items():
        as_of = next(iter(lines.values())).as_of
        day = min(period.last, calendar.day_of(as_of))
        indicators = scoring.indicators(group, period.cadence, on=day)
        found = await counting.listed(
            session,
            next(one for one in indicators if one.code == code),
            lines={subject: line.id for subject, line in lines.items()},
            period=period,
            as_of=as_of,
        )
        kept = {} if found is None else await _kept(session, found)
        if kept != {line.id: _said(line) for line in lines.values()}:
            raise CountedMeanwhile


def _times(flags: Any) -> Any:
    return func.cardinality(func.array_positions(flags, True))


_FIGURES = (
    ScoreItems.line_id,
    _times(ScoreItems.in_numerator),
    _times(ScoreItems.in_denominator),
    ScoreItems.digest,
)


_Figures = tuple[int, int, str | None]


async def _kept(session: AsyncSession, found: Select[Any]) -> Mapping[UUID, _Figures]:
    statement = insert(ScoreItems).from_select(_COLUMNS, found).returning(*_FIGURES)
    return {row[0]: (row[1], row[2], row[3]) for row in await session.execute(statement)}


def _said(line: ScoreLine) -> _Figures:
    return line.numerator, line.denominator, line.evidence["digest"]
