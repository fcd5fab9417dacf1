"""Changes that an office makes to units and posts, each with its audit note."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import UnitEnded
from kernel import audit
from kernel.access import Principal
from services.tasks.organisations import operations, queries
from services.tasks.organisations.domain import NewUnit
from services.tasks.organisations.domain_periods import DAY
from services.tasks.organisations.operations import RecordedLater
from services.tasks.organisations.schemas import Contact
from services.tasks.organisations.tables import Post, Unit
from services.tasks.policies import POLICIES, Act


async def change_contact(
    session: AsyncSession,
    *,
    post_code: str,
    stated: Contact,
    by: Principal,
    now: datetime,
) -> None:
    """Reach a post by another address from a day on; the unit is told with all of its posts."""
    on = stated.effective_from
    post = await queries.post(session, post_code, day=on, lock=True)
    unit = await queries.unit(session, post.unit, day=on)
    POLICIES.require(by, Act.CHANGE_ORGANISATION, on=unit, seen_by=Act.READ_UNITS)
    before = await queries.stated(session, unit.code, day=on)
    posts = tuple(
        replace(held, email=stated.email, telephone=stated.telephone)
        if held.code == post_code
        else held
        for held in before.posts
    )
    changed = NewUnit(facts=before.facts, posts=posts)
    await operations.record_units(session, units=[changed], on=on, now=now)
    audit.note(
        session,
        by=by,
        act=Act.CHANGE_ORGANISATION,
        entity="post",
        entity_id=post_code,
        detail={"from": on.isoformat()},
    )


async def end_unit(
    session: AsyncSession, unit: Unit, *, heir: str, on: date, now: datetime
) -> Sequence[Post]:
    """A unit is no more from a day on, nor are its posts; who answers for it is told.

    Refused when something of it is recorded for that day or a later one. Its posts as they were.
    """
    posts = await queries.standing_posts(session, [unit.code])
    rows: list[Unit | Post] = [unit, *posts.values()]
    for row in rows:
        if row.effective_to is not None or row.effective_from >= on:
            raise RecordedLater(
                f"{row.code} 自 {row.effective_from} 起为现状，不能从 {on} 起撤销。",
                f"{row.code} is what it is since {row.effective_from}: it cannot end on {on}.",
            )
        row.effective_to = on - DAY
    event = ended(unit, heir=heir, on=on, now=now)
    operations.tell_on(session, event, unit=unit.code, on=on)
    return tuple(posts.values())


def ended(unit: Unit, *, heir: str, on: date, now: datetime) -> UnitEnded:
    """A unit that is no more from a day on, as it is told."""
    return UnitEnded(
        occurred_at=now,
        unit=unit.code,
        region_code=unit.region_code,
        heir=heir,
        ended_on=on - DAY,
    )
