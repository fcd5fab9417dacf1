"""Tell every unit once a working day what it owes, in bounded chunks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_reminders import DigestDue, PartDue
from kernel import calendar, timers
from kernel.outbox import publish
from reference import holidays, national
from reference.national.rows_figures import DigestRule
from services.tasks.digests import domain, queries, rules
from services.tasks.digests.domain import Counts, Owed
from services.tasks.digests.tables import Digest
from services.tasks.dues import queries as dues
from services.tasks.dues.domain import Said, shortened
from services.tasks.organisations.tables import Unit

DIGEST_DUE = "digest_due"
CHUNK = 200
"""Units per transaction."""

_RULE = "digest"


async def arm(session: AsyncSession, *, now: datetime) -> None:
    """See to it that the next morning of a working day has its digest.

    Called by whatever opens something that will be due; from then on each digest sees to the
    next.
    """
    today = calendar.day_of(now)
    row = national.DIGESTS.one(_RULE, on=today)
    days_off = holidays.calendar()
    if rules.is_worked(today, days_off=days_off) and now < rules.goes_out_at(today, row=row):
        _arm(session, today, row)
    else:
        _arm(session, rules.next_worked(today, days_off=days_off), row)


def _arm(session: AsyncSession, day: date, row: DigestRule, *, after: str = "") -> None:
    entity = f"{day.isoformat()}@{after}" if after else day.isoformat()
    due_at = rules.goes_out_at(day, row=row)
    timers.arm_once(
        session, timers.new(kind=DIGEST_DUE, entity_id=entity, due_at=due_at, rule=row.rule)
    )


async def tell(session: AsyncSession, *, entity_id: str, now: datetime) -> None:
    """The digests of one chunk of units; the next chunk, and the next day, have their own timers.

    A day that is over is not told any more: after an outage today's digest goes out late, and
    those of the days that were missed never.
    """
    text, _, after = entity_id.partition("@")
    day, today = date.fromisoformat(text), calendar.day_of(now)
    row = national.DIGESTS.one(_RULE, on=today)
    days_off = holidays.calendar()
    if not after:
        _arm(session, rules.next_worked(max(day, today), days_off=days_off), row)
    if day != today:
        if rules.is_worked(today, days_off=days_off):
            _arm(session, today, row)
        return
    units = await queries.some_units(session, day=day, after=after, limit=CHUNK)
    if len(units) == CHUNK:
        _arm(session, day, row, after=units[-1].code)
    await _tell_units(session, units, day=day, row=row, now=now)


async def _tell_units(
    session: AsyncSession, units: Sequence[Unit], *, day: date, row: DigestRule, now: datetime
) -> None:
    soon = rules.soon_until(day, row=row, days_off=holidays.calendar())
    codes = [unit.code for unit in units]
    found = await dues.owed_by_units(session, codes, until=soon)
    owed = {
        unit: [Owed(kind=kind, id=one, due_at=due) for _, kind, one, due in rows]
        for unit, rows in groupby(found, key=lambda line: line[0])
    }
    named = {one.id for own in owed.values() for one in _urgent(own, "part", row.named)}
    titles = await dues.words(session, "part", named)
    waiting = await queries.waiting(session, codes)
    to_review = await queries.to_review(session, units, day=day)
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
        )
        if known.says_something and await _is_new(session, known, now=now):
            publish(session, _told(known, row=row, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    unit: Unit
    day: date
    owed: Sequence[Owed]
    titles: Mapping[UUID, Said]
    """What the parts among them are called."""
    counts: Counts
    waiting: int
    to_review: int

    @property
    def says_something(self) -> bool:
        """What a unit handed in itself is no reason to write to it."""
        return self.counts != Counts() or self.to_review > 0

    @property
    def figures(self) -> Mapping[str, int]:
        """Its counts by name."""
        return {
            "overdue": self.counts.overdue,
            "due_today": self.counts.due_today,
            "due_soon": self.counts.due_soon,
            "waiting": self.waiting,
            "to_review": self.to_review,
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
    parts = _urgent(known.owed, "part", row.named)
    return DigestDue(
        occurred_at=now,
        unit=known.unit.code,
        region_code=known.unit.region_code,
        day=known.day,
        within=row.soon_working_days,
        obligations=tuple(one.id for one in _urgent(known.owed, "obligation", row.named)),
        orders=tuple(one.id for one in _urgent(known.owed, "order", row.named)),
        parts=tuple(one.id for one in parts),
        parts_due=tuple(_part(one, known.titles[one.id]) for one in parts),
        **known.figures,
    )


def _urgent(owed: Sequence[Owed], kind: str, most: int) -> Sequence[Owed]:
    return [one for one in owed if one.kind == kind][:most]


def _part(one: Owed, said: Said) -> PartDue:
    return PartDue(
        part_id=one.id,
        title_zh=shortened(said.zh),
        title_en=shortened(said.en),
        due_at=one.due_at,
    )
