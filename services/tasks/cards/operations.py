"""Weighing a unit's accidents against the thresholds: proposals are made, renewed, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import SYSTEM
from kernel.calendar import Cadence
from reference import scoring
from reference.terms import Card, Grade
from services.tasks.accidents.tables import Accident
from services.tasks.cards import domain_subjects, operations_steps, queries, rules
from services.tasks.cards.domain import GONE, OPEN, REFUTED, CardAction, CardStatus
from services.tasks.cards.domain_subjects import Carded, Happening
from services.tasks.cards.rules import Crossed, Fact
from services.tasks.cards.tables import CardRow
from services.tasks.chains import queries as chains
from services.tasks.indicators import queries_accidents as accidents
from services.tasks.indicators import rules as windows
from services.tasks.indicators.domain import period_of
from services.tasks.indicators.queries_accidents import Judged


async def weigh(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Something became known of an accident: weigh every unit to which it counts or counted.

    It may be done again at any time, in any order of facts.
    """
    found = await queries.accident(session, accident_id)
    if found is None:
        return
    await queries.lock(session)
    accident, stated = found
    named = await queries.naming(session, accident_id)
    if accident.grade == Grade.GENERAL and not named:
        return  # no threshold counts it, and no card was proposed by it
    day = calendar.day_of(accident.happened_at)
    happening = await _happening(session, accident, on=day)
    units = {*map(_carded, named), *domain_subjects.answering(happening)}
    years = _years(accident.happened_at, *stated) | {row.year for row in named}
    for year in sorted(years):
        graver = [
            (await _happening(session, one, on=one.happened_on), _fact(one))
            for one in await accidents.of_year(session, year, graver=True)
        ]
        for unit in sorted(units):
            territory = scoring.group(unit.group, on=day).counts == "territory"
            facts = [
                fact
                for one, fact in graver
                if domain_subjects.counts_to(unit, one, territory=territory)
            ]
            await _weigh(session, unit, facts, year=year, now=now)


def _carded(row: CardRow) -> Carded:
    """The unit of a card: what made it may be another place's, field's or year's by now."""
    return Carded(unit=row.unit, group=row.group_code, region_code=row.region_code)


def _years(*instants: datetime) -> set[int]:
    """The years of the assessment to which an accident may count."""
    days = [calendar.day_of(instant) for instant in instants]
    years = {windows.year_of(day, window=scoring.window(on=day)) for day in days}
    return years | {days[0].year}


async def _happening(session: AsyncSession, one: Accident | Judged, *, on: date) -> Happening:
    industry = await chains.trade(session, stated=one.industry, uscc=one.enterprise_uscc, on=on)
    answer = await chains.answering(session, industry=industry, region=one.region_code, on=on)
    return Happening(region=one.region_code, on=on, leads=frozenset(answer.lead))


def _fact(judged: Judged) -> Fact:
    return Fact(accident_id=judged.accident_id, grade=judged.grade, hidden=judged.hidden)


async def _weigh(
    session: AsyncSession, unit: Carded, facts: Sequence[Fact], *, year: int, now: datetime
) -> None:
    ends = period_of(date(year, 1, 1), Cadence.YEAR).last
    thresholds = scoring.thresholds(unit.group, on=min(ends, calendar.day_of(now)))
    for kind in Card:
        known = await queries.of_unit(session, unit.unit, kind=kind, year=year)
        found = rules.crossed(kind, thresholds, facts)
        standing = next((row for row in known if row.stands not in GONE), None)
        if standing is not None and standing.is_stated:
            continue  # no accident carries it, and a unit has one of a sort
        if standing is not None:
            await _carry(session, standing, found, facts, now=now)
        if standing is None or standing.stands in GONE:
            await session.flush()  # what was withdrawn makes room for what is proposed instead
            await _propose(session, unit, found, known, kind=kind, year=year, now=now)


async def _carry(
    session: AsyncSession,
    row: CardRow,
    found: Sequence[Crossed],
    facts: Sequence[Fact],
    *,
    now: datetime,
) -> None:
    """Whether the facts still carry a card: by what it was proposed for, not by anything else."""
    same = next((one for one in found if one.threshold.code == row.threshold), None)
    if same is None:
        await _let_go(session, row, facts, now=now)
    elif row.stands is not CardStatus.OVER:
        _renew(session, row, same.named, now=now)


async def _propose(
    session: AsyncSession,
    unit: Carded,
    found: Sequence[Crossed],
    known: Sequence[CardRow],
    *,
    kind: Card,
    year: int,
    now: datetime,
) -> None:
    """A threshold is crossed by facts that nobody has decided on yet: a card is proposed."""
    fresh = next((one for one in found if not _is_refuted(one, known)), None)
    if fresh is None:
        return
    row = operations_steps.proposed(
        unit, fresh.threshold, accidents=fresh.named, kind=kind, year=year, now=now
    )
    await operations_steps.propose(session, row, by=SYSTEM, now=now)


def _is_refuted(found: Crossed, known: Sequence[CardRow]) -> bool:
    return any(
        row.stands in REFUTED
        and row.threshold == found.threshold.code
        and set(found.named) <= set(row.accidents)
        for row in known
    )


def _renew(session: AsyncSession, row: CardRow, named: list[str], *, now: datetime) -> None:
    """The facts carry a card, by other accidents than before or again."""
    if row.accidents != named or row.review_since is not None:
        row.accidents, row.review_since = named, None
        detail = {"accidents": named}
        operations_steps.keep(session, row, queries.RENEWED, by=SYSTEM, now=now, detail=detail)


async def _let_go(
    session: AsyncSession, row: CardRow, facts: Sequence[Fact], *, now: datetime
) -> None:
    """The facts no longer carry a card: what is open is withdrawn, what is decided is reviewed.

    Who has confirmed it in the face of these facts is not asked again about the same.
    """
    if row.stands in OPEN:
        operations_steps.end(
            session,
            row,
            CardAction.WITHDRAW,
            by=SYSTEM,
            now=now,
            note="事故情况变化后未达到标准 / below the threshold by now",
        )
    elif row.stands is CardStatus.IN_EFFECT and row.review_since is None:
        left = {"left": sorted(set(row.accidents) & {str(fact.accident_id) for fact in facts})}
        if await queries.last_change(session, row.id) == left:
            return
        operations_steps.flag(session, row, now=now, detail=left)
