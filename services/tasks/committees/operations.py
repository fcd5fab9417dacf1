"""Seat units on committees, let them leave, and hand seats over."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from services.tasks.committees import domain, queries
from services.tasks.committees.domain import MemberAlready, NoCommittee
from services.tasks.committees.schemas import NewSeat
from services.tasks.committees.tables import Membership
from services.tasks.organisations import operations as registry
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain_periods import DAY, Period
from services.tasks.policies import POLICIES, Act


async def record_of_pack(session: AsyncSession, *, on: date) -> int:
    """Seat everybody whom the packs name, on committees that have nobody yet; how many."""
    filled = set(await session.scalars(queries.committees()))
    seats = [one for one in domain.of_pack(on=on) if one.committee not in filled]
    session.add_all(
        Membership(
            id=uuid7(),
            committee=one.committee,
            unit=one.unit,
            capacity=one.capacity.value,
            effective_from=on,
        )
        for one in seats
    )
    return len(seats)


async def seat(
    session: AsyncSession, *, committee: str, stated: NewSeat, by: Principal, now: datetime
) -> Membership:
    """Have a unit sit on a committee from a day on."""
    day = stated.effective_from
    body = await organisations.unit(session, committee, day=day)
    POLICIES.require(by, Act.CHANGE_ORGANISATION, on=body, seen_by=Act.READ_UNITS)
    if body.kind not in domain.COMMITTEES:
        raise NoCommittee
    await organisations.standing_units(session, [committee])  # one seat is given at a time
    await organisations.unit(session, stated.unit, day=day)
    term = Period(first=day)
    if any(row.period.meets(term) for row in await queries.of(session, committee, stated.unit)):
        raise MemberAlready
    row = Membership(
        id=uuid7(),
        committee=committee,
        unit=stated.unit,
        capacity=stated.capacity.value,
        effective_from=day,
    )
    session.add(row)
    registry.note_change(session, on=day, now=now)
    _note(session, row, by=by, act="seat")
    return row


async def leave(
    session: AsyncSession, *, committee: str, unit: str, last_day: date, by: Principal
) -> Membership:
    """Have a unit leave a committee after a day."""
    body = await organisations.unit(session, committee, day=last_day)
    POLICIES.require(by, Act.CHANGE_ORGANISATION, on=body, seen_by=Act.READ_UNITS)
    row = await queries.seat(session, committee, unit, on=last_day)
    row.effective_to = last_day
    _note(session, row, by=by, act="leave")
    return row


async def hand_over(session: AsyncSession, *, ended: str, heir: str, on: date) -> None:
    """A unit is no more from a day on: its seats are its heir's, as are the seats on it."""
    for row in await queries.naming(session, ended, on=on):
        committee = heir if row.committee == ended else row.committee
        unit = heir if row.unit == ended else row.unit
        first, last, capacity = max(row.effective_from, on), row.effective_to, row.capacity
        if row.effective_from >= on:
            await session.delete(row)
        else:
            row.effective_to = on - DAY
        await session.flush()
        taken = [other.period for other in await queries.of(session, committee, unit)]
        term = Period(first=first, last=last)
        if committee != unit and not any(period.meets(term) for period in taken):
            session.add(
                Membership(
                    id=uuid7(),
                    committee=committee,
                    unit=unit,
                    capacity=capacity,
                    effective_from=first,
                    effective_to=last,
                )
            )
            await session.flush()


def _note(session: AsyncSession, row: Membership, *, by: Principal, act: str) -> None:
    audit.note(
        session,
        by=by,
        act=act,
        entity="membership",
        entity_id=row.id,
        detail={"committee": row.committee, "unit": row.unit},
    )
