"""Make and revoke the addresses of feeds, and find what an address shows."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import NotFound, Principal
from kernel.ids import uuid7
from reference import holidays, national, regions
from services.tasks.chains import queries as chains
from services.tasks.dues import queries as dues
from services.tasks.dues.domain import Holder, Said
from services.tasks.feeds import domain_calendar, queries
from services.tasks.feeds.domain import FeedRevoked, NoHolder, TooManyFeeds
from services.tasks.feeds.domain_calendar import Language, Shape
from services.tasks.feeds.tables import Feed
from services.tasks.obligations.domain import place_of
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import FeedAct

_SECRET_BYTES = 32
_RULE = "feed"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('feed'), hashtext(:holder))")


async def make(session: AsyncSession, *, by: Principal, now: datetime) -> tuple[Feed, str]:
    """A new address for the actor's unit or enterprise, with its secret, which is shown once."""
    holder = Holder(unit=None if by.uscc else by.unit, enterprise_uscc=by.uscc)
    name = holder.unit or holder.enterprise_uscc
    if name is None:
        raise NoHolder
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    feed = Feed(
        id=uuid7(),
        region_code=await _place(session, holder),
        unit=holder.unit,
        enterprise_uscc=holder.enterprise_uscc,
        secret_sha256=_digest(secret),
        made_by=by.subject,
        made_at=now,
    )
    POLICIES.require(by, FeedAct.KEEP_FEEDS, on=feed, seen_by=FeedAct.KEEP_FEEDS)
    await session.execute(_ONE_AT_A_TIME, {"holder": name})
    row = national.FEEDS.one(_RULE, on=calendar.day_of(now))
    if await queries.live(session, holder) >= row.live:
        raise TooManyFeeds(most=row.live)
    session.add(feed)
    audit.note(session, by=by, act="feed.make", entity="feed", entity_id=feed.id)
    return feed, secret


async def _place(session: AsyncSession, holder: Holder) -> str:
    if holder.unit is not None:
        return place_of(holder.unit)
    found = await chains.enterprise(session, holder.enterprise_uscc or "")
    return found.region_code


def _digest(secret: str) -> str:
    """A secret of 256 random bits needs no salt and no slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def revoke(session: AsyncSession, *, feed_id: UUID, by: Principal, now: datetime) -> Feed:
    """From now on the address shows nothing to anybody."""
    feed = await queries.get(session, feed_id)
    POLICIES.require(by, FeedAct.KEEP_FEEDS, on=feed, seen_by=FeedAct.KEEP_FEEDS)
    if feed.revoked_at is not None:
        raise FeedRevoked
    feed.revoked_at, feed.revoked_by = now, by.subject
    audit.note(session, by=by, act="feed.revoke", entity="feed", entity_id=feed.id)
    return feed


async def opened(session: AsyncSession, *, secret: str, now: datetime) -> Feed:
    """The address that a secret opens; of a unit that is no more none does."""
    feed = await queries.by_secret(session, _digest(secret))
    if feed is None or await _has_ended(session, feed, day=calendar.day_of(now)):
        raise NotFound
    return feed


async def _has_ended(session: AsyncSession, feed: Feed, *, day: date) -> bool:
    if feed.unit is None or not await organisations.ever(session, [feed.unit]):
        return False
    return not await organisations.standing(session, [feed.unit], day=day)


def reader(feed: Feed) -> Principal:
    """Whoever has the secret sees what the holder of the address may see, and no more."""
    if feed.enterprise_uscc is not None:
        return Principal(subject=f"feed:{feed.id}", region="", uscc=feed.enterprise_uscc)
    place = regions.prefix(feed.region_code)
    return Principal(subject=f"feed:{feed.id}", unit=feed.unit, region=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a calendar wants its file."""

    language: Language
    shape: Shape


async def file(session: AsyncSession, *, feed: Feed, wish: Wish, now: datetime) -> bytes:
    """What an address shows: what its holder has to do, in a bounded window."""
    row = national.FEEDS.one(_RULE, on=calendar.day_of(now))
    holder = Holder(unit=feed.unit, enterprise_uscc=feed.enterprise_uscc)
    found = await dues.owed(
        session,
        holder,
        since=now - timedelta(days=row.days_behind),
        until=now + timedelta(days=row.days_ahead),
        now=now,
        most=row.most,
    )
    return domain_calendar.written(
        found,
        name=await _name(session, feed, day=calendar.day_of(now)),
        language=wish.language,
        shape=wish.shape,
        row=row,
        days_off=holidays.calendar(),
        now=now,
    )


async def _name(session: AsyncSession, feed: Feed, *, day: date) -> Said:
    if feed.unit is None:
        return Said("安全生产待办", "Work safety: due")
    units = await organisations.standing(session, [feed.unit], day=day)
    unit = units.get(feed.unit)
    zh, en = (unit.name_zh, unit.name_en) if unit else (feed.unit, feed.unit)
    return Said(f"安全生产待办 · {zh}", f"Work safety: due of {en}")
