"""The daily digest: once a working day each unit hears what it owes and what waits for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_reminders import DigestDue, PartDue, ThingDue
from kernel import calendar
from kernel.outbox import publish
from reference import holidays
from reference.national.rows_figures import DigestRule
from services.tasks.digests import domain, operations_clocks, queries, rules
from services.tasks.digests.domain import Counts
from services.tasks.digests.operations_clocks import DIGEST_DUE
from services.tasks.digests.tables import Digest
from services.tasks.dues import queries as dues
from services.tasks.dues.domain import Owing, Said, shortened
from services.tasks.organisations.tables import Unit

CHUNK = 200
"""Units per transaction."""

Titles = Mapping[tuple[str, UUID], Said]


async def tell(session: AsyncSession, *, entity_id: str, now: datetime) -> None:
    """The digests of one chunk of units; the next chunk and the next day have their own timers."""
    text, _, after = entity_id.partition("@")
    day = date.fromisoformat(text)
    goes_on = day == calendar.day_of(now)
    if not (goes_on if after else operations_clocks.begin(session, DIGEST_DUE, day, now=now)):
        return
    units = await queries.some_units(session, day=day, after=after, limit=CHUNK)
    if len(units) == CHUNK:
        last = units[-1].code
        operations_clocks.go_on(session, DIGEST_DUE, day, after=last, now=now)
    row = operations_clocks.row_of(DIGEST_DUE, on=day)
    await _tell_units(session, units, day=day, row=row, now=now)


def by_holder(found: Sequence[Owing]) -> Mapping[str, Sequence[Owing]]:
    """What each owes, in order."""
    return {holder: list(rows) for holder, rows in groupby(found, key=lambda one: one.holder)}


async def _tell_units(
    session: AsyncSession, units: Sequence[Unit], *, day: date, row: DigestRule, now: datetime
) -> None:
    soon = rules.soon_until(day, row=row, days_off=holidays.calendar())
    codes = [unit.code for unit in units]
    owed = by_holder(await dues.owed_by(session, "unit", codes, until=soon, now=now))
    titles = await dues.words(session, [one for own in owed.values() for one in _shown(own, row)])
    waiting = await queries.waiting(session, codes)
    to_review = await queries.to_review(session, units, day=day)
    to_decide = await queries.to_decide(session, units, day=day)
    for unit in units:
        own = owed.get(unit.code, [])
        known = _Known(
            unit=unit,
            day=day,
            owed=own,
            titles=titles,
            counts=domain.counts(own, now=now, day_ends=calendar.closes_at(day), soon_until=soon),
            waiting=waiting.get(unit.code, 0),
            to_review=to_review.get(unit.code, 0),
            to_decide=to_decide.get(unit.code, 0),
        )
        if known.says_something and await _is_new(session, known, now=now):
            publish(session, _told(known, row=row, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    unit: Unit
    day: date
    owed: Sequence[Owing]
    titles: Titles
    """What those among them that are shown are called."""
    counts: Counts
    waiting: int
    to_review: int
    to_decide: int

    @property
    def says_something(self) -> bool:
        """What a unit handed in itself is no reason to write to it."""
        return self.counts != Counts() or self.to_review > 0 or self.to_decide > 0

    @property
    def figures(self) -> Mapping[str, int]:
        """Its counts by name."""
        return {
            "overdue": self.counts.overdue,
            "due_today": self.counts.due_today,
            "due_soon": self.counts.due_soon,
            "waiting": self.waiting,
            "to_review": self.to_review,
            "to_decide": self.to_decide,
        }


async def _is_new(session: AsyncSession, known: _Known, *, now: datetime) -> bool:
    """Keep that the unit was told; whether it had not been, however often this is done."""
    row = insert(Digest).values(
        unit=known.unit.code,
        day=known.day,
        region_code=known.unit.region_code,
        told_at=now,
        **known.figures,
    )
    kept = await session.scalar(row.on_conflict_do_nothing().returning(Digest.unit))
    return kept is not None


def _told(known: _Known, *, row: DigestRule, now: datetime) -> DigestDue:
    parts = _urgent(known.owed, "part", row)
    return DigestDue(
        occurred_at=now,
        unit=known.unit.code,
        region_code=known.unit.region_code,
        day=known.day,
        within=row.soon_working_days,
        obligations=tuple(one.id for one in _urgent(known.owed, "obligation", row)),
        orders=tuple(one.id for one in _urgent(known.owed, "order", row)),
        parts=tuple(one.id for one in parts),
        parts_due=tuple(_part(one, known.titles) for one in parts),
        supervisions=tuple(one.id for one in _urgent(known.owed, "supervision", row)),
        named=tuple(thing(one, known.titles) for one in domain.named(known.owed, most=row.named)),
        **known.figures,
    )


def _shown(owed: Sequence[Owing], row: DigestRule) -> Sequence[Owing]:
    return [*domain.named(owed, most=row.named), *_urgent(owed, "part", row)]


def _urgent(owed: Sequence[Owing], kind: str, row: DigestRule) -> Sequence[Owing]:
    return [one for one in owed if one.kind == kind][: row.named]


def _part(one: Owing, titles: Titles) -> PartDue:
    said = titles[one.kind, one.id]
    return PartDue(
        part_id=one.id,
        title_zh=shortened(said.zh),
        title_en=shortened(said.en),
        due_at=one.due_at,
    )


def thing(one: Owing, titles: Titles) -> ThingDue:
    """One thing as a letter names it."""
    said = titles[one.kind, one.id]
    return ThingDue(
        kind=one.kind,
        id=one.id,
        entity=one.entity,
        title_zh=shortened(said.zh),
        title_en=shortened(said.en),
        due_at=one.due_at,
    )
