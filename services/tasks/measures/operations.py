"""Say how an obligation stands, and close those of a period that is over by their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, update
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import SYSTEM
from services.tasks.figures import queries as figures
from services.tasks.figures import queries_duties
from services.tasks.figures.queries_duties import Measured
from services.tasks.measures import domain, queries, queries_sets
from services.tasks.measures.domain import Known, Outcome, Target
from services.tasks.measures.queries import Asked, Shown
from services.tasks.obligations import operations as obligations
from services.tasks.obligations import queries as owed
from services.tasks.obligations.domain import LIVE, OWED, Action, Status
from services.tasks.obligations.tables import Obligation

CHUNK = 10_000
"""Enterprises per statement: well below the statement timeout on a slow disk."""


async def standing(session: AsyncSession, row: Obligation, *, on: date, now: datetime) -> Shown:
    """How a measured obligation stands as at a day, by what was known at the end of that day."""
    measured = await queries_duties.measured(session, row)
    past = on < calendar.day_of(now)
    asked = Asked(
        row=row,
        measured=measured,
        on=on,
        now=min(now, calendar.closes_at(on)),
        known_by=calendar.closes_at(on) if past else None,
    )
    target, known = _target(measured), await queries.known(session, asked)
    return Shown(
        measured=measured,
        target=target,
        known=known,
        standing=domain.standing(target, known),
        on=on,
        breach=await queries.breach(session, asked),
    )


def _target(measured: Measured) -> Target | None:
    return domain.target_of(
        kind=measured.kind,
        comparator=measured.duty.comparator,
        number=measured.duty.target,
        per=measured.rule.per,
    )


@dataclass(slots=True, kw_only=True)
class Settled:
    """How many obligations of a period that is over came to which end."""

    fulfilled: int = 0
    missed: int = 0
    left: int = 0

    def count(self, outcome: Outcome, number: int = 1) -> None:
        """Add to one of them."""
        setattr(self, outcome.value, getattr(self, outcome.value) + number)


async def settle_some(
    session: AsyncSession, *, opening_id: UUID, after: str, now: datetime
) -> tuple[Settled, str | None]:
    """Close what met its target when the period of an opening is over; the rest stays owed.

    Units first, then enterprises after one in the order of their codes, a bounded number: what
    came of them, and the last of them, None when there was none left. Units are told what they
    missed; enterprises find it in their list. Done again, it only finds what has become known
    since.
    """
    settled = Settled()
    row = await queries_sets.sample(session, opening_id)
    if row is None:
        return settled, None
    measured = (await queries_duties.measured(session, row)).planned
    if now < measured.ends_at:
        return settled, None
    if not after:
        await _settle_units(session, opening_id, measured, settled, now=now)
    last = await _settle_enterprises(session, row, measured, settled, after=after, now=now)
    if any((settled.fulfilled, settled.missed, settled.left)):
        _note(session, opening_id, settled)
    return settled, last


def _note(session: AsyncSession, opening_id: UUID, settled: Settled) -> None:
    audit.note(
        session,
        by=SYSTEM,
        act="obligation.settle",
        entity="opening",
        entity_id=opening_id,
        detail={"fulfilled": settled.fulfilled, "missed": settled.missed, "left": settled.left},
    )


async def settle_late(session: AsyncSession, *, obligation_id: UUID, now: datetime) -> None:
    """Settle one after the others: its deadline was moved, or a figure became known since.

    What a unit had reported before it ended settles what its heir goes on with.
    """
    given = await owed.get(session, obligation_id, lock=True)
    row = await owed.get(session, (await queries.following(session, given)).id, lock=True)
    measured = await queries_duties.measured(session, row)
    if row.status not in LIVE or now < measured.ends_at:
        return
    outcome = await _settle(session, row, measured, now=now)
    audit.note(
        session,
        by=SYSTEM,
        act="obligation.settle",
        entity="obligation",
        entity_id=row.id,
        detail={"outcome": outcome},
    )


async def _settle_units(
    session: AsyncSession, opening_id: UUID, measured: Measured, settled: Settled, *, now: datetime
) -> None:
    for row in await queries_sets.of_units(session, opening_id):
        settled.count(await _settle(session, row, measured, now=now))


async def _settle(
    session: AsyncSession, row: Obligation, measured: Measured, *, now: datetime
) -> Outcome:
    asked = Asked(row=row, measured=measured, on=measured.last, now=now)
    found = domain.standing(_target(measured), await queries.known(session, asked))
    ids = [one.id for one in await queries.lineage(session, row)]
    unread = await figures.unread(session, ids, before=measured.ends_at)
    outcome = domain.at_end(found, waits=bool(unread))
    if outcome is Outcome.FULFILLED:
        await obligations.close(session, row, Action.FULFIL, now=now)
    elif outcome is Outcome.MISSED:
        obligations.note_overdue(session, row, now=now)
    return outcome


async def _settle_enterprises(
    session: AsyncSession,
    row: Obligation,
    measured: Measured,
    settled: Settled,
    *,
    after: str,
    now: datetime,
) -> str | None:
    found = await queries_sets.of_enterprises(session, row, after=after, limit=CHUNK)
    if not found:
        return None
    target = _target(measured)
    known = await queries_sets.known(session, measured, [uscc for _, uscc in found])
    ids = [obligation_id for obligation_id, _ in found]
    unread = await figures.unread(session, ids, before=measured.ends_at)
    outcomes: dict[tuple[Known, bool], Outcome] = {}
    ends: Mapping[Outcome, list[UUID]] = {outcome: [] for outcome in Outcome}
    for obligation_id, uscc in found:
        what, waits = known.get(uscc, Known()), obligation_id in unread
        if (what, waits) not in outcomes:
            outcomes[what, waits] = domain.at_end(domain.standing(target, what), waits=waits)
        ends[outcomes[what, waits]].append(obligation_id)
    for outcome, ids in ends.items():
        settled.count(outcome, len(ids))
    await _close(session, ends[Outcome.FULFILLED], now=now)
    await _mark_overdue(session, ends[Outcome.MISSED], now=now)
    return found[-1][1]


async def _close(session: AsyncSession, ids: list[UUID], *, now: datetime) -> None:
    chosen = update(Obligation).where(_among(ids), Obligation.status.in_(LIVE))
    closed = chosen.values(status=Status.FULFILLED, closed_at=now)
    await session.execute(closed.execution_options(synchronize_session=False))


async def _mark_overdue(session: AsyncSession, ids: list[UUID], *, now: datetime) -> None:
    late = update(Obligation).where(
        _among(ids),
        Obligation.status.in_(OWED),
        Obligation.overdue_at.is_(None),
        # One whose clock stands, or was moved, is watched by itself.
        Obligation.stopped_at.is_(None),
        Obligation.due_at <= now,
    )
    marked = late.values(overdue_at=now)
    await session.execute(marked.execution_options(synchronize_session=False))


def _among(ids: list[UUID]) -> ColumnElement[bool]:
    return Obligation.id == any_(literal(ids, ARRAY(Uuid)))
