"""Who held what on a day, and which posts nobody held."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, any_, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound
from kernel.listing import Listing, equals
from services.tasks.holders.tables import Holding
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.queries import in_force
from services.tasks.organisations.tables import Post

HOLDERS = Listing(
    "holders",
    key=Holding.id,
    sorts={"post": Holding.post, "effective_from": Holding.effective_from},
    default="post",
    filters={
        "unit": equals(Holding.unit, str, "单位 / unit"),
        "post": equals(Holding.post, str, "岗位 / post"),
    },
    beside=frozenset({"on"}),
)

VACANCIES = organisations.listing_of_posts("vacancies")


def holders_at(day: date) -> Select[Holding]:
    """The terms that held on a day, of posts that there were."""
    there = exists().where(Post.code == Holding.post, in_force(Post, day))
    return select(Holding).where(in_force(Holding, day), there)


async def holder_of(session: AsyncSession, post: str, *, on: date) -> Holding | None:
    """Who held a post on a day; None when nobody did."""
    return await session.scalar(holders_at(on).where(Holding.post == post))


async def holders_of(
    session: AsyncSession, posts: Collection[str], *, on: date
) -> dict[str, Holding]:
    """Who held each of some posts on a day; posts that nobody held are left out."""
    found = await session.scalars(holders_at(on).where(Holding.post.in_(posts)))
    return {row.post: row for row in found}


def vacant_at(day: date) -> Select[Post]:
    """The posts that there were on a day and that nobody held."""
    held = exists().where(Holding.post == Post.code, in_force(Holding, day))
    return organisations.posts_at(day).where(~held)


async def terms(session: AsyncSession, post: str) -> Sequence[Holding]:
    """Every term in a post, oldest first."""
    found = select(Holding).where(Holding.post == post).order_by(Holding.effective_from)
    return (await session.scalars(found)).all()


async def terms_of(session: AsyncSession, posts: Collection[str]) -> Sequence[Holding]:
    """Every term in some posts, oldest first, however many are asked for."""
    among = Holding.post == any_(literal(list(posts), ARRAY(Text)))
    found = select(Holding).where(among).order_by(Holding.post, Holding.effective_from)
    return (await session.scalars(found)).all()


async def during(session: AsyncSession, unit: str, *, first: date, last: date) -> Sequence[Holding]:
    """The terms in a unit's posts that share a day with some days, by post, oldest first."""
    reach = Holding.effective_to.is_(None) | (Holding.effective_to >= first)
    found = select(Holding).where(Holding.unit == unit, Holding.effective_from <= last, reach)
    ordered = found.order_by(Holding.post, Holding.effective_from)
    return (await session.scalars(ordered)).all()


async def get(session: AsyncSession, holding_id: UUID) -> Holding:
    """One term, locked, or a refusal."""
    found = await session.get(Holding, holding_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


async def running(session: AsyncSession, posts: Collection[str], *, on: date) -> Sequence[Holding]:
    """The terms in some posts that reach a day or begin after it, locked."""
    reach = Holding.effective_to.is_(None) | (Holding.effective_to >= on)
    found = select(Holding).where(Holding.post.in_(posts), reach).with_for_update()
    return (await session.scalars(found)).all()
