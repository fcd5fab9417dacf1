"""Divide an opened obligation among those whom its duty names, and tell who holds it too long."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ObligationKind
from contracts.tasks_parts import PartOverdue
from kernel import calendar
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import subjects
from reference.units import Roll
from services.tasks.obligations.domain import LIVE
from services.tasks.obligations.tables import Obligation
from services.tasks.parts import domain, queries
from services.tasks.parts.domain import PartStatus
from services.tasks.parts.tables import Part, PartHold
from services.tasks.plans.domain_duties import PlanDuty
from services.tasks.successions import queries as successions


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom what asks for a duty means: everybody there is on a day, or only some of them."""

    roll: Roll
    on: date
    only: Collection[str] | None = None

    def of(self, names: Collection[str]) -> list[str]:
        """The units among some that a duty names."""
        named = subjects.allocated(names, roll=self.roll)
        return [unit for unit in named if self.only is None or unit in self.only]

    def to_lead(self, duty: PlanDuty) -> bool:
        """Whether the one that leads is asked: else there is nothing that others could share."""
        leading = subjects.allocated(duty.lead, roll=self.roll)
        return self.only is None or not set(leading[:1]).isdisjoint(self.only)


def sharing(duty: PlanDuty, asked: Asked) -> frozenset[str]:
    """Who has a part in the obligation of the one that leads, and none of its own."""
    return duty.sharing(asked.roll, on=asked.on) if asked.to_lead(duty) else frozenset()


async def open_parts(
    session: AsyncSession, *, origin: UUID, duty: PlanDuty, asked: Asked, now: datetime
) -> int:
    """Give each unit that a shared duty names its part, and say how many were opened.

    Those who lead jointly share one obligation: that of the first of them that has one. What
    everybody owes by itself is nobody's part. Done again, only what is missing is opened.
    """
    if not duty.shared or not asked.to_lead(duty):
        return 0
    named = asked.of((*duty.lead, *duty.supporting))
    heirs = await successions.bearing(session, named, on=calendar.day_of(now))
    leads, supporting = (
        list(dict.fromkeys(heirs[unit] for unit in asked.of(names)))
        for names in (duty.lead, duty.supporting)
    )
    rows = await queries.led(session, origin, duty=duty.name, units=leads)
    shared = next((rows[unit] for unit in leads if unit in rows), None)
    if shared is None:
        return 0
    return await _divide(session, shared, leads=leads, supporting=supporting, now=now)


async def _divide(
    session: AsyncSession,
    row: Obligation,
    *,
    leads: Collection[str],
    supporting: Collection[str],
    now: datetime,
) -> int:
    wanted = domain.wanted(lead=row.subject, leads=leads, supporting=supporting)
    parts = await queries.of(session, row.id, lock=True)
    standing = {part.unit for part in parts}
    missing = [
        Part(
            id=uuid7(),
            obligation_id=row.id,
            origin=row.origin,
            region_code=row.region_code,
            units=[one.unit for one in wanted],
            unit=want.unit,
            role=want.role,
            status=PartStatus.OPEN,
            opened_at=now,
        )
        for want in wanted
        if want.unit not in standing
    ]
    if missing:
        session.add_all(missing)
        await hold_anew(session, row.id, [*parts, *missing], now=now)
    return len(missing)


async def hold_anew(
    session: AsyncSession, obligation_id: UUID, parts: Sequence[Part], *, now: datetime
) -> None:
    """End what is not held any more, begin what is held from now on, and count what is open.

    `parts`: all of the obligation, as they stand now.
    """
    shared = await session.get_one(Obligation, obligation_id)
    shared.parts_open = sum(part.status not in domain.DONE for part in parts)
    held = domain.holders([part.share for part in parts])
    own_dues = {part.unit: part.own_due_at for part in parts}
    current = {
        row.holder: row for row in await queries.holds(session, obligation_id) if not row.until
    }
    for holder, row in current.items():
        if holder not in held:
            row.until = now
    session.add_all(
        PartHold(
            id=uuid7(),
            obligation_id=obligation_id,
            region_code=parts[0].region_code,
            units=parts[0].units,
            holder=holder,
            since=now,
            own_due_at=own_dues.get(holder),
        )
        for holder in sorted(held - set(current))
    )
    await session.flush()


async def let_go(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """Nobody holds the work of an obligation that ended otherwise than by being done."""
    for hold in await queries.holds(session, row.id):
        if hold.until is None:
            hold.until = now


async def take_up(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """Whoever had to act on a shared obligation has to again."""
    if row.parts_open:
        parts = await queries.of(session, row.id, lock=True)
        await hold_anew(session, row.id, parts, now=now)


async def note_overdue(session: AsyncSession, *, origin: UUID, duty: str, now: datetime) -> None:
    """The deadline of an opening passed: whoever holds a shared obligation then is told."""
    for obligation_id in await queries.shared_of(session, origin, duty=duty):
        row = await session.get_one(Obligation, obligation_id)
        await tell_late(session, row, now=now)


async def tell_late(session: AsyncSession, row: Obligation, *, now: datetime) -> None:
    """Tell units that hold the work past the deadline, each once; those who wait hear nothing."""
    if row.status not in LIVE or row.stopped_at is not None or now < row.due_at:
        return
    parts = await queries.of(session, row.id, lock=True)
    held = domain.holders([part.share for part in parts])
    for part in parts:
        if part.unit in held and part.overdue_at is None and now >= part.due_with(row):
            part.overdue_at = now
            publish(session, _overdue(row, part, now=now))


def _overdue(row: Obligation, part: Part, *, now: datetime) -> PartOverdue:
    return PartOverdue(
        occurred_at=now,
        obligation_id=row.id,
        part_id=part.id,
        unit=part.unit,
        region_code=part.region_code,
        kind=ObligationKind(row.kind),
        role=part.role,
        origin=row.origin,
        due_at=part.due_with(row),
    )
