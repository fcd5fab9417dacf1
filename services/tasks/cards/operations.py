"""Weighing a unit's accidents against the thresholds: proposals are made, renewed, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_scoring import CardProposed, CardReviewNeeded
from kernel import calendar
from kernel.access import SYSTEM
from kernel.calendar import Cadence
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import city, scoring
from reference.terms import Card, Grade
from services.tasks.cards import domain_subjects, operations_steps, queries, rules
from services.tasks.cards.domain import OPEN, CardAction, CardStatus
from services.tasks.cards.domain_subjects import Carded, Happening
from services.tasks.cards.rules import Crossed, Fact
from services.tasks.cards.tables import CardRow
from services.tasks.indicators import queries_accidents as accidents
from services.tasks.indicators import rules as windows
from services.tasks.indicators.domain import period_of
from services.tasks.indicators.queries_accidents import Judged

_GONE = frozenset({CardStatus.WITHDRAWN, CardStatus.DECLINED})
_SETTLED = frozenset({CardStatus.LIFTED, CardStatus.OVER})


async def weigh(session: AsyncSession, *, accident_id: UUID, now: datetime) -> None:
    """Something became known of an accident: weigh every unit to which it counts or counted.

    It may be done again at any time, in any order of facts.
    """
    found = await queries.accident(session, accident_id)
    if found is None:
        return
    await queries.lock(session)
    accident, stated = found
    if accident.grade == Grade.GENERAL and not await queries.named(session, accident_id):
        return  # no threshold counts it, and no card was proposed by it
    day = calendar.day_of(accident.happened_at)
    units = domain_subjects.answering(
        Happening(region=accident.region_code, industry=accident.industry, on=day)
    )
    for year in _years(accident.happened_at, *stated):
        graver = await accidents.of_year(session, year, graver=True)
        for unit in units:
            facts = [_fact(one) for one in graver if _counts(unit, one, on=day)]
            await _weigh(session, unit, facts, year=year, now=now)


def _years(*instants: datetime) -> Sequence[int]:
    """The years of the assessment to which an accident may count, or may have counted."""
    days = [calendar.day_of(instant) for instant in instants]
    years = {windows.year_of(day, window=scoring.window(on=day)) for day in days}
    return sorted(years | {days[0].year})


def _counts(unit: Carded, judged: Judged, *, on: date) -> bool:
    happening = Happening(
        region=judged.region_code, industry=judged.industry, on=judged.happened_on
    )
    territory = scoring.group(unit.group, on=on).counts == "territory"
    leads = frozenset() if territory else happening.leads()
    return domain_subjects.counts_to(unit, happening, territory=territory, leads=leads)


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
        if found is not None:
            await _carry(session, unit, found, known, kind=kind, year=year, now=now)
        else:
            _let_go(session, known, now=now)


async def _carry(
    session: AsyncSession,
    unit: Carded,
    found: Crossed,
    known: Sequence[CardRow],
    *,
    kind: Card,
    year: int,
    now: datetime,
) -> None:
    """A threshold is crossed: there is a card, or one is proposed."""
    named = sorted(map(str, found.accidents))
    standing = next((row for row in known if row.stands not in _GONE), None)
    if standing is not None:
        if standing.stands not in _SETTLED:
            _renew(session, standing, named, now=now)
        return
    if any(row.stands is CardStatus.DECLINED and set(named) <= set(row.accidents) for row in known):
        return
    row = _proposed(unit, found, named, kind=kind, year=year, now=now)
    session.add(row)
    await session.flush()
    operations_steps.keep(session, row, "propose", by=SYSTEM, now=now, detail={"accidents": named})
    publish(
        session,
        CardProposed(
            occurred_at=now,
            **operations_steps.facts(row),
            office=f"{city.current().code}.committee_office",
            threshold=row.threshold,
            confirmed=row.confirmed,
        ),
    )


def _proposed(
    unit: Carded, found: Crossed, named: list[str], *, kind: Card, year: int, now: datetime
) -> CardRow:
    threshold = found.threshold
    return CardRow(
        id=uuid7(),
        region_code=unit.region_code,
        unit=unit.unit,
        group_code=unit.group,
        kind=str(kind),
        year=year,
        status=str(CardStatus.PROPOSED),
        threshold=threshold.code,
        rule=threshold.rule,
        confirmed=threshold.confirmed,
        cause_zh=threshold.zh,
        cause_en=threshold.en,
        accidents=named,
        proposed_at=now,
    )


def _renew(session: AsyncSession, row: CardRow, named: list[str], *, now: datetime) -> None:
    """The facts carry a card, by other accidents than before or again."""
    row.review_since = None
    if row.accidents != named:
        row.accidents = named
        detail = {"accidents": named}
        operations_steps.keep(session, row, "renew", by=SYSTEM, now=now, detail=detail)


def _let_go(session: AsyncSession, known: Sequence[CardRow], *, now: datetime) -> None:
    """The facts no longer carry a card: what is open is withdrawn, what is decided is reviewed."""
    for row in known:
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
            row.review_since = now
            operations_steps.keep(session, row, "flag_for_review", by=SYSTEM, now=now)
            publish(
                session,
                CardReviewNeeded(
                    occurred_at=now,
                    **operations_steps.facts(row),
                    office=f"{city.current().code}.committee_office",
                ),
            )
