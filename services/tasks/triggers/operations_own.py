"""Set off the duties of a plan that are tied to what this service tells itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationOverdue
from contracts.tasks_scoring import CardProposed, UnitsListed
from kernel import calendar
from reference import regions
from reference.triggers import Happening
from services.tasks.cards import domain as cards
from services.tasks.cards import queries as card_queries
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import operations_releases as releases
from services.tasks.obligations import queries as obligation_queries
from services.tasks.obligations.domain import (
    LIVE,
    Action,
    Cause,
    Release,
    Wanted,
    kind_of,
    place_of,
)
from services.tasks.plans import queries as plans
from services.tasks.plans.domain_duties import PlanDuty
from services.tasks.rolls import queries as rolls
from services.tasks.successions import queries as successions
from services.tasks.triggers import domain, queries


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """Why it is owed, and from when its time counts."""

    cause: Cause
    now: datetime

    def asks(self, duty: PlanDuty, unit: str) -> Wanted:
        """What a duty asks of one unit because of it."""
        return Wanted(
            kind=kind_of(duty.metric),
            cause=self.cause,
            duty=duty.name,
            rule=duty.rule,
            due_at=duty.due_after(calendar.day_of(self.now)),
            region_code=place_of(unit),
            unit=unit,
        )


async def account_for_delay(
    session: AsyncSession, *, obligation_id: UUID, unit: str, due_at: datetime, now: datetime
) -> None:
    """A unit is late with a task of a plan: whom the plan names for that owes it, once a day.

    What was given more time before this was heard of is not late.
    """
    row = await obligation_queries.get(session, obligation_id)
    if row.overdue_at is None or not domain.pulls(Cause(row.cause), row.duty):
        return
    on = domain.missed_on(row.duty, due_at)
    fact = _Fact(cause=Cause.OVERDUE, now=now)
    await queries.lock(session)
    for duty in await _pulled(session, ObligationOverdue.subject, on=on):
        bearers = await _bearers(session, duty, near=unit, on=on, now=now)
        named = domain.concerned(duty.subjects, bearers, late=unit, on=on)
        for bearer in sorted(named):
            await obligations.open_missing(
                session,
                origin=domain.occasion(bearer, found_on=calendar.day_of(now)),
                cause=fact.cause,
                wanted=[fact.asks(duty, bearer)],
                now=now,
            )


async def warn_of_card(session: AsyncSession, *, card_id: UUID, office: str, now: datetime) -> None:
    """A card is proposed: the office that looks at it owes the unit its warning."""
    on = calendar.day_of(now)
    duties = await _pulled(session, CardProposed.subject, on=on)
    fact = _Fact(cause=Cause.CARD, now=now)
    await _ask(session, duties, fact, unit=office, origin=card_id, on=on)


async def warned_of_card(session: AsyncSession, *, card_id: UUID, now: datetime) -> None:
    """The unit was given notice of a card: it has been warned."""
    for row in await obligation_queries.of_origin(session, card_id, cause=Cause.CARD):
        if row.status in LIVE:
            await obligations.close(session, row, Action.FULFIL, now=now)


async def let_card_go(session: AsyncSession, *, card_id: UUID, now: datetime) -> None:
    """There is no such card, or none any more: nobody is warned of it, or listed for it."""
    for cause in (Cause.CARD, Cause.LISTING):
        for row in await obligation_queries.of_origin(session, card_id, cause=cause):
            if row.status in LIVE:
                await releases.release(session, row, reason=Release.CARD_ENDED, at=now)


async def look_after_listed(session: AsyncSession, *, year: int, now: datetime) -> None:
    """Units are listed in a year: the office owes the plan what it asks for each of them.

    They are listed on the first of January, and most plans are issued later: done again then,
    each card asks once, whatever the number of the duty has become.
    """
    on = calendar.nearest_in(year, calendar.day_of(now))
    duties = await _pulled(session, UnitsListed.subject, on=on)
    fact = _Fact(cause=Cause.LISTING, now=now)
    await queries.lock(session)
    for card_id in await card_queries.still_listed(session, year) if duties else ():
        if not await obligation_queries.of_origin(session, card_id, cause=fact.cause):
            await _ask(session, duties, fact, unit=cards.office(), origin=card_id, on=on)


async def _ask(
    session: AsyncSession,
    duties: Iterable[PlanDuty],
    fact: _Fact,
    *,
    unit: str,
    origin: UUID,
    on: date,
) -> None:
    asked = [
        fact.asks(duty, unit)
        for duty in duties
        if unit in await _bearers(session, duty, near=unit, on=on, now=fact.now)
    ]
    await obligations.open_missing(
        session, origin=origin, cause=fact.cause, wanted=asked, now=fact.now
    )


async def _pulled(session: AsyncSession, subject: str, *, on: date) -> tuple[PlanDuty, ...]:
    what = Happening(event=subject.rpartition(".")[0])
    return await plans.set_off(session, what, on=on)


async def _bearers(
    session: AsyncSession, duty: PlanDuty, *, near: str, on: date, now: datetime
) -> frozenset[str]:
    """Whom a duty means on a day; of a unit that has ended since its heir, who is late for it.

    Units on record in the place of one of them and above it; elsewhere those of the packs.
    """
    places = [place.code for place in regions.ancestors(place_of(near))]
    roll = await rolls.roll(session, on=on, places=places)
    meant = duty.meant(roll, on=on).units
    heirs = await successions.bearing(session, meant, on=obligations.today(now))
    return frozenset({*meant, *heirs.values()})
