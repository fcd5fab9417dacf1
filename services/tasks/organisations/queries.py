"""Units and posts as they were on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from kernel.listing import Listing, one_of, within
from reference.terms import Level, UnitKind
from services.tasks.organisations.tables import Post, Unit


def _in_force(table: type[Unit] | type[Post], day: date) -> ColumnElement[bool]:
    ends = or_(table.effective_to.is_(None), table.effective_to >= day)
    return (table.effective_from <= day) & ends


def units_at(day: date) -> Select[Unit]:
    """The units in force on a day."""
    return select(Unit).where(_in_force(Unit, day))


UNITS = Listing(
    "units",
    key=Unit.code,
    sorts={"code": Unit.code},
    default="code",
    filters={
        "region": within(Unit.region_code, "行政区划 / division"),
        "kind": one_of(Unit.kind, UnitKind, "类别 / kinds"),
        "level": one_of(Unit.level, Level, "层级 / levels"),
    },
    beside=frozenset({"on"}),
)


async def unit(session: AsyncSession, code: str, *, day: date) -> Unit:
    """One unit as it was on a day."""
    found = await session.scalar(units_at(day).where(Unit.code == code))
    if found is None:
        raise NotFound(f"{day} 没有单位 {code}。", f"There was no unit {code} on {day}.")
    return found


async def kind(session: AsyncSession, code: str, *, day: date) -> str | None:
    """What a unit was on a day; None of one that nobody recorded."""
    found = await session.scalar(units_at(day).where(Unit.code == code))
    return found.kind if found else None


async def posts(session: AsyncSession, units: Collection[str], *, day: date) -> Sequence[Post]:
    """The posts of some units as they were on a day."""
    found = select(Post).where(Post.unit.in_(units), _in_force(Post, day))
    return (await session.scalars(found.order_by(Post.code))).all()


async def history(session: AsyncSession, code: str) -> Sequence[Unit]:
    """Everything a unit has been, oldest first."""
    found = select(Unit).where(Unit.code == code).order_by(Unit.effective_from)
    return (await session.scalars(found)).all()


async def standing_units(session: AsyncSession, codes: Collection[str]) -> dict[str, Unit]:
    """The newest row of each unit, locked."""
    newest = select(Unit).where(Unit.code.in_(codes), Unit.effective_to.is_(None))
    return {row.code: row for row in await session.scalars(newest.with_for_update())}


async def standing_posts(session: AsyncSession, units: Collection[str]) -> dict[str, Post]:
    """The newest row of each post of some units, locked."""
    newest = select(Post).where(Post.unit.in_(units), Post.effective_to.is_(None))
    return {row.code: row for row in await session.scalars(newest.with_for_update())}
