"""Units and posts as they were on a day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ARRAY, ColumnElement, Select, Text, any_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from kernel.listing import Listing, equals, one_of, within
from reference import units as pack
from reference.terms import Level, UnitKind
from services.tasks.organisations.domain import NewUnit, PostFacts, UnitFacts
from services.tasks.organisations.tables import Dated, Post, Unit


def in_force(table: type[Dated], day: date) -> ColumnElement[bool]:
    """The rows that hold on a day."""
    ends = or_(table.effective_to.is_(None), table.effective_to >= day)
    return (table.effective_from <= day) & ends


def units_at(day: date) -> Select[Unit]:
    """The units in force on a day."""
    return select(Unit).where(in_force(Unit, day))


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


def listing_of_posts(name: str) -> Listing:
    """How posts are listed, whichever of them."""
    return Listing(
        name,
        key=Post.code,
        sorts={"code": Post.code},
        default="code",
        filters={
            "region": within(Post.unit, "行政区划 / division"),
            "unit": equals(Post.unit, str, "单位 / unit"),
            "kind": equals(Post.kind, str, "岗位类别 / kind of post"),
        },
        beside=frozenset({"on"}),
    )


POSTS = listing_of_posts("posts")


def posts_at(day: date) -> Select[Post]:
    """The posts in force on a day."""
    return select(Post).where(in_force(Post, day))


async def counts(session: AsyncSession, *, day: date) -> dict[str, int]:
    """How many units each place had on a day."""
    found = units_at(day).with_only_columns(Unit.region_code, func.count())
    rows = await session.execute(found.group_by(Unit.region_code).order_by(Unit.region_code))
    return {code: count for code, count in rows}  # noqa: C416 -- rows are no pairs to mypy


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
    found = select(Post).where(Post.unit.in_(units), in_force(Post, day))
    return (await session.scalars(found.order_by(Post.code))).all()


async def history(session: AsyncSession, code: str) -> Sequence[Unit]:
    """Everything a unit has been, oldest first."""
    found = select(Unit).where(Unit.code == code).order_by(Unit.effective_from)
    return (await session.scalars(found)).all()


async def ever(session: AsyncSession, codes: Collection[str]) -> set[str]:
    """Those of some codes that a unit has ever had."""
    if not codes:
        return set()
    return set(await session.scalars(select(Unit.code).where(Unit.code.in_(codes)).distinct()))


async def standing_units(session: AsyncSession, codes: Collection[str]) -> dict[str, Unit]:
    """The newest row of each unit, locked."""
    newest = select(Unit).where(Unit.code.in_(codes), Unit.effective_to.is_(None))
    return {row.code: row for row in await session.scalars(newest.with_for_update())}


async def standing_posts(session: AsyncSession, units: Collection[str]) -> dict[str, Post]:
    """The newest row of each post of some units, locked."""
    newest = select(Post).where(Post.unit.in_(units), Post.effective_to.is_(None))
    return {row.code: row for row in await session.scalars(newest.with_for_update())}


async def standing(session: AsyncSession, codes: Collection[str], *, day: date) -> dict[str, Unit]:
    """Those of some units that there were on a day, by code."""
    found = await session.scalars(units_at(day).where(Unit.code.in_(codes)))
    return {row.code: row for row in found}


async def codes_at(session: AsyncSession, codes: Collection[str], *, day: date) -> set[str]:
    """Those of some codes that a unit had on a day, however many are asked for."""
    among = Unit.code == any_(literal(list(codes), ARRAY(Text)))
    return set(await session.scalars(units_at(day).with_only_columns(Unit.code).where(among)))


async def known(session: AsyncSession, codes: Collection[str], *, day: date) -> set[str]:
    """Those of some codes that name a unit on a day.

    The registry says so; of a unit that nobody ever recorded the packs do.
    """
    unrecorded = set(codes) - await ever(session, codes)
    named = {code for code in unrecorded if pack.exists(code, on=day)}
    return named | await codes_at(session, codes, day=day)


async def units_of(session: AsyncSession, region_prefix: str, *, day: date) -> list[str]:
    """The codes of the units that stood on a day in a place and below it."""
    inside = Unit.region_code.startswith(region_prefix, autoescape=True)
    found = units_at(day).with_only_columns(Unit.code).where(inside).order_by(Unit.code)
    return list(await session.scalars(found))


async def post(session: AsyncSession, code: str, *, day: date, lock: bool = False) -> Post:
    """One post as it was on a day; with `lock` nobody else fills or ends it meanwhile."""
    if lock:  # all that the post has been: another may be acting on another of its days
        await session.execute(select(Post.code).where(Post.code == code).with_for_update())
    row = await session.scalar(select(Post).where(Post.code == code, in_force(Post, day)))
    if row is None:
        raise NotFound(f"{day} 没有岗位 {code}。", f"There was no post {code} on {day}.")
    return row


async def post_history(session: AsyncSession, code: str) -> Sequence[Post]:
    """Everything a post has been, oldest first."""
    found = select(Post).where(Post.code == code).order_by(Post.effective_from)
    return (await session.scalars(found)).all()


async def stated(session: AsyncSession, code: str, *, day: date) -> NewUnit:
    """A unit and all of its posts as one would state them to leave them as they were."""
    await unit(session, code, day=day)
    return (await all_stated(session, [code], day=day))[code]


async def all_stated(
    session: AsyncSession, codes: Collection[str], *, day: date
) -> dict[str, NewUnit]:
    """The same for those of some units that there were on a day; units and posts by code.

    Sorted here: the database's collation need not be Python's order.
    """
    rows = await standing(session, codes, day=day)
    held: dict[str, list[PostFacts]] = {code: [] for code in rows}
    for row in await posts(session, list(rows), day=day):
        facts = {name: getattr(row, name) for name in PostFacts.__slots__}
        held[row.unit].append(PostFacts(**facts))
    return {
        code: NewUnit(
            facts=UnitFacts(**{name: getattr(row, name) for name in UnitFacts.__slots__}),
            posts=tuple(sorted(held[code], key=lambda post: post.code)),
        )
        for code, row in sorted(rows.items())
    }
