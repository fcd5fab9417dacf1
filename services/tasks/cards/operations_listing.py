"""Listing in a year the units that have a card of the year before (挂牌管理)."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_scoring import UnitsListed
from kernel import calendar, timers
from kernel.outbox import publish
from reference import city
from services.tasks.cards import queries, rules
from services.tasks.cards.tables import CardRow, ListedUnit
from services.tasks.lines import queries as lines

LISTING_DUE = "card_listing_due"


async def list_or_wait(session: AsyncSession, row: CardRow, *, now: datetime) -> None:
    """A unit is listed when the next year begins; at once where it has begun."""
    year = rules.listed_in(row.year)
    begins = calendar.opens_at(date(year, 1, 1))
    if now < begins:
        timer = timers.new(kind=LISTING_DUE, entity_id=str(year), due_at=begins, rule=row.rule)
        timers.arm_once(session, timer)
        return
    before = await queries.listed_units(session, year)
    session.add(_listed(row, year, at=now))
    await _tell(session, year, {row.unit} - before, now=now)


async def open_year(session: AsyncSession, *, year: int, now: datetime) -> None:
    """A year has begun: every unit with a card of the year before that was not lifted."""
    rows = await queries.of_year(session, year - 1)
    begins = calendar.opens_at(date(year, 1, 1))
    fresh = [row for row in rows if not await queries.listed(session, row.id)]
    before = await queries.listed_units(session, year)
    session.add_all(_listed(row, year, at=begins) for row in fresh)
    await _tell(session, year, {row.unit for row in fresh} - before, now=now)


async def close(session: AsyncSession, row: CardRow, *, now: datetime) -> None:
    """The card was lifted: the unit is not listed for it any more."""
    for listing in await queries.listed(session, row.id):
        listing.closed_at = now


def _listed(row: CardRow, year: int, *, at: datetime) -> ListedUnit:
    return ListedUnit(
        year=year,
        card_id=row.id,
        unit=row.unit,
        region_code=row.region_code,
        kind=row.kind,
        rule=row.rule,
        cause_zh=row.cause_zh,
        cause_en=row.cause_en,
        opened_at=at,
    )


async def _tell(session: AsyncSession, year: int, units: Collection[str], *, now: datetime) -> None:
    """Told once of a unit, however many of its cards it is listed for."""
    if not units:
        return
    code, above = city.current().code, await lines.above(session, on=calendar.day_of(now))
    publish(
        session,
        UnitsListed(
            occurred_at=now,
            listing=f"{code}-{year}",
            region_code=code,
            year=year,
            units=tuple(sorted(units)),
            superiors=tuple(sorted({higher for unit in units if (higher := above(unit))})),
        ),
    )
