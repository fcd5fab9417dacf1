"""The daily digest of enterprises: once a working day each hears what it owes, some at a time.

Two hundred thousand of them are some hundred bounded transactions, between which every other
clock has its turn.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_reminders import EnterpriseDigestDue, ThingDue
from kernel import calendar
from kernel.outbox import publish
from reference import holidays
from reference.national.rows_figures import DigestRule
from services.tasks.digests import domain, operations_clocks, queries, rules
from services.tasks.digests.operations import Titles, by_holder, thing
from services.tasks.digests.operations_clocks import ENTERPRISE_DIGEST_DUE
from services.tasks.digests.tables import EnterpriseDigest
from services.tasks.dues import queries as dues
from services.tasks.dues.domain import Owing

CHUNK = 500
"""Enterprises per transaction."""


async def tell(session: AsyncSession, *, entity_id: str, now: datetime) -> None:
    """The digests of one chunk of enterprises; the next one has its own timer."""
    text, _, after = entity_id.partition("@")
    day = date.fromisoformat(text)
    goes_on = day == calendar.day_of(now)
    kind = ENTERPRISE_DIGEST_DUE
    if not (goes_on if after else operations_clocks.begin(session, kind, day, now=now)):
        return
    places = await queries.some_enterprises(session, after=after, limit=CHUNK)
    if len(places) == CHUNK:
        operations_clocks.go_on(session, kind, day, after=max(places), now=now)
    await _tell(session, places, day=day, row=operations_clocks.row_of(kind, on=day), now=now)


async def _tell(
    session: AsyncSession,
    places: Mapping[str, str],
    *,
    day: date,
    row: DigestRule,
    now: datetime,
) -> None:
    soon = rules.soon_until(day, row=row, days_off=holidays.calendar())
    found = await dues.owed_by(session, "enterprise_uscc", places, until=soon, now=now)
    owed = by_holder(found)
    shown = {uscc: domain.named(own, most=row.named) for uscc, own in owed.items()}
    titles = await dues.words(session, [one for own in shown.values() for one in own])
    fresh = {uscc: places[uscc] for uscc in owed}
    for uscc in await _new(session, fresh, day=day, now=now):
        counts = domain.counts(
            owed[uscc], now=now, day_ends=calendar.closes_at(day), soon_until=soon
        )
        publish(
            session,
            EnterpriseDigestDue(
                occurred_at=now,
                enterprise_uscc=uscc,
                region_code=places[uscc],
                day=day,
                overdue=counts.overdue,
                due_today=counts.due_today,
                due_soon=counts.due_soon,
                within=row.soon_working_days,
                named=_named(shown[uscc], titles),
            ),
        )


def _named(shown: Sequence[Owing], titles: Titles) -> tuple[ThingDue, ...]:
    return tuple(thing(one, titles) for one in shown)


async def _new(
    session: AsyncSession, places: Mapping[str, str], *, day: date, now: datetime
) -> Sequence[str]:
    """Keep that enterprises were told; those that had not been, however often this is done."""
    if not places:
        return ()
    values = [
        {"enterprise_uscc": uscc, "region_code": place, "day": day, "told_at": now}
        for uscc, place in sorted(places.items())
    ]
    row = insert(EnterpriseDigest).values(values)
    kept = row.on_conflict_do_update(
        index_elements=["enterprise_uscc"],
        set_={name: row.excluded[name] for name in ("region_code", "day", "told_at")},
        where=EnterpriseDigest.day < row.excluded.day,
    )
    told = await session.scalars(kept.returning(EnterpriseDigest.enterprise_uscc))
    return sorted(told)
