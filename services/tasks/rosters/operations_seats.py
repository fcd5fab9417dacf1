"""Bring the seats on committees to what a sheet states, each by a single one's operation."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotYours, Place, Principal
from kernel.problems import Problem
from services.tasks.committees import operations, queries
from services.tasks.committees.domain import Capacity, MemberAlready, NoCommittee
from services.tasks.committees.tables import Membership
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES, Act
from services.tasks.rosters.schemas import MemberRow
from services.tasks.rosters.schemas_terms import SeatLine, Seats

_ABOUT = {MemberAlready: "effective_from", NoCommittee: "committee", NotYours: "committee"}


async def take(session: AsyncSession, seats: Seats, *, by: Principal, now: datetime) -> int:
    """Seat units and let them leave as the rows say; how many seats began or ended.

    A seat that no row names stays as it is. Who leaves goes first: that makes room.
    """
    recorded = await queries.seats_on(session, {line.committee for line in seats.stated})
    begun = {(row.committee, row.unit, row.effective_from): row for row in recorded}
    changed, new = 0, list[SeatLine]()
    for line in seats.stated:
        row = begun.get((line.committee, line.stated.unit, line.stated.effective_from))
        if row is None:
            new.append(line)
        elif _agrees(seats, line, row, by=by):
            changed += await _leave(session, seats, line, by=by)
    for line in sorted(new, key=lambda line: line.period.first):
        changed += await _seat(session, seats, line, by=by, now=now)
    await session.flush()
    return changed


def _agrees(seats: Seats, line: SeatLine, row: Membership, *, by: Principal) -> bool:
    """Whether a row is about the seat on record that begins on its day, and changes it."""
    if not POLICIES.allows(by, Act.CHANGE_ORGANISATION, Place(row.committee.partition(".")[0])):
        seats.fault(line.row, "committee", "not_yours", NotYours.title_zh, NotYours.title_en)
        return False
    if "capacity" in line.stated.model_fields_set and line.stated.capacity != row.capacity:
        known = Capacity(row.capacity)
        zh, en = f"与登记不同：{known.zh}", f"differs from what is recorded: {known.en}"
        seats.fault(line.row, "capacity", "recorded_otherwise", zh, en)
        return False
    if line.last_day == row.effective_to:
        return False
    if line.last_day is None or not row.period.holds(line.last_day):
        zh, en = f"已登记至 {row.effective_to}", f"recorded to end on {row.effective_to}"
        seats.fault(line.row, "effective_to", "recorded_otherwise", zh, en)
        return False
    return True


async def _leave(session: AsyncSession, seats: Seats, line: SeatLine, *, by: Principal) -> bool:
    try:
        await _end(session, line, by=by)
    except Problem as reason:
        seats.refused(line.row, reason, column=_ABOUT.get(type(reason), "effective_to"))
        return False
    return True


async def _seat(
    session: AsyncSession, seats: Seats, line: SeatLine, *, by: Principal, now: datetime
) -> bool:
    try:
        await operations.seat(session, committee=line.committee, stated=line.stated, by=by, now=now)
        await session.flush()
        await _end(session, line, by=by)
    except Problem as reason:
        column = _ABOUT.get(type(reason)) or await _unknown(session, line)
        seats.refused(line.row, reason, column=column)
        return False
    return True


async def _end(session: AsyncSession, line: SeatLine, *, by: Principal) -> None:
    if line.last_day is not None:
        await operations.leave(
            session,
            committee=line.committee,
            unit=line.stated.unit,
            last_day=line.last_day,
            by=by,
        )


async def _unknown(session: AsyncSession, line: SeatLine) -> str:
    """The column of what there is not: the committee, else the unit, else the last day."""
    day = line.stated.effective_from
    for column, code in (("committee", line.committee), ("unit", line.stated.unit)):
        if await organisations.kind(session, code, day=day) is None:
            return column
    return "effective_to"


async def give_out(
    session: AsyncSession, units: Collection[str], *, on: date
) -> Sequence[MemberRow]:
    """Who sits on the committees among some units on a day, as rows."""
    seats = await queries.seats_on(session, units)
    return [
        MemberRow.model_validate(row, from_attributes=True) for row in seats if row.period.holds(on)
    ]
