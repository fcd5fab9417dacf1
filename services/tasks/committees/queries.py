"""Who sat on a committee on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ARRAY, Select, Text, any_, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from kernel.listing import Listing, equals, one_of
from services.tasks.committees.domain import Capacity
from services.tasks.committees.tables import Membership
from services.tasks.organisations.queries import in_force

MEMBERS = Listing(
    "members",
    key=Membership.id,
    sorts={"committee": Membership.committee, "unit": Membership.unit},
    default="committee,unit",
    filters={
        "committee": equals(Membership.committee, str, "委员会 / committee"),
        "unit": equals(Membership.unit, str, "成员单位 / member"),
        "capacity": one_of(Membership.capacity, Capacity, "身份 / capacity"),
    },
    beside=frozenset({"on"}),
)


def members_at(day: date) -> Select[Membership]:
    """Who sat on which committee on a day."""
    return select(Membership).where(in_force(Membership, day))


def committees() -> Select[str]:
    """The committees that somebody has ever sat on."""
    return select(Membership.committee).distinct()


async def members_of(session: AsyncSession, committee: str, *, on: date) -> tuple[str, ...]:
    """The units on a committee on a day, by code."""
    found = members_at(on).where(Membership.committee == committee).order_by(Membership.unit)
    return tuple(row.unit for row in await session.scalars(found))


async def seats_on(session: AsyncSession, committees: Collection[str]) -> Sequence[Membership]:
    """Every time that anybody sat on some committees, by committee and unit, oldest first."""
    among = Membership.committee == any_(literal(list(committees), ARRAY(Text)))
    found = select(Membership).where(among)
    ordered = found.order_by(Membership.committee, Membership.unit, Membership.effective_from)
    return (await session.scalars(ordered)).all()


async def of(session: AsyncSession, committee: str, unit: str) -> Sequence[Membership]:
    """Every time that a unit sat on a committee, locked."""
    found = select(Membership).where(Membership.committee == committee, Membership.unit == unit)
    return (await session.scalars(found.with_for_update())).all()


async def seat(session: AsyncSession, committee: str, unit: str, *, on: date) -> Membership:
    """The seat of a unit on a committee on a day, or a refusal."""
    for row in await of(session, committee, unit):
        if row.period.holds(on):
            return row
    raise NotFound


async def naming(session: AsyncSession, unit: str, *, on: date) -> Sequence[Membership]:
    """The seats of a unit and, if it is a committee, on it, that reach a day, locked."""
    reach = Membership.effective_to.is_(None) | (Membership.effective_to >= on)
    named = or_(Membership.unit == unit, Membership.committee == unit)
    return (await session.scalars(select(Membership).where(named, reach).with_for_update())).all()
